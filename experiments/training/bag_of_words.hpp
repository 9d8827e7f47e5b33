// model.kind: bag_of_words, the sanity baseline: a linear classifier over hashed token uni- and bigrams. What
// an L-product Transformer gains over it is what word order beyond neighbours is worth.
#pragma once
#include <memory>

#include "experiments/training/learner.hpp"

namespace tubal {

/// logits = bias + sum over distinct features f of the text of 32 W[f] / sqrt(their number); W [2^18, C]
/// starts at 0. Trained as the model is (AdamW, the trial's settings); deterministic, it draws nothing.
std::unique_ptr<Learner> make_bag_of_words(int classes);

}  // namespace tubal
