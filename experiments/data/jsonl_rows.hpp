// Rows of JSON lines: text and label by the names of their fields.
#pragma once
#include <string>

#include "experiments/data/corpus.hpp"

namespace tubal {

void read_jsonl(Corpus& corpus, LabelledTexts& rows, const std::string& file, const std::string& text,
                const std::string& label);

}  // namespace tubal
