// The original layout of IMDB's reviews: pos/*.txt and neg/*.txt, in the order of their names.
#pragma once
#include <string>

#include "experiments/data/corpus.hpp"

namespace tubal {

void read_acl_folder(Corpus& corpus, LabelledTexts& rows, const std::string& folder);

}  // namespace tubal
