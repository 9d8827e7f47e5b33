// What needs no Transformer, in words: a bag of words beside classifiers, n-grams beside language models.
#pragma once
#include "analysis/report/sentences.hpp"

namespace tubal::analysis {

std::string bag_sentence(const Comparison& comparison, const sentences::Cells& cells,
                         const sentences::Cells& bags);
/// Each cell against the best n-gram of its own data; `ngrams` as ngrams_json() gives them.
std::string ngram_sentence(const Study& study, const Comparison& comparison, const Json& ngrams);

}  // namespace tubal::analysis
