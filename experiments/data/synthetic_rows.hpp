// Every word belongs to class (word mod classes). A text draws half of its words from its class and half from
// all, in random order; then `noise` of the labels are drawn anew.
#pragma once
#include "experiments/data/corpus.hpp"

namespace tubal {

void make_synthetic(Corpus& corpus, const SyntheticConfig& config);

}  // namespace tubal
