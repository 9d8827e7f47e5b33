// What a learner scores on a part of the data, and what a classifier said of one text.
#pragma once
#include <cstdint>
#include <functional>

#include "experiments/config/config.hpp"
#include "experiments/data/batches.hpp"
#include "experiments/data/dataset.hpp"
#include "experiments/training/learner.hpp"
#include "experiments/training/trial.hpp"

namespace tubal {

using Logits = Tensor<float, 2>;  // [texts, classes]

/// Called around each batch; `before` may throw to stop. A language model gives no logits: they are empty.
struct EvaluationHooks {
  std::function<void()> before;
  std::function<void(const Batch&, const BatchResult&, const Logits&)> after;
};

/// A classifier's mean loss and accuracy over the texts of `part`, in their order; where data.language, mean
/// loss in nats over all its tokens that are said, and bits per byte: all their nats, as bits, over the bytes
/// of the text that they stand for. An empty part scores nothing.
Scores evaluate_part(Learner& learner, const DataConfig& data, const Part& part,
                     const EvaluationHooks& hooks);

/// The most probable class, and its softmax probability.
struct Said {
  std::int64_t best;
  double probability;
};
Said said_of(const Logits& logits, std::size_t text);

}  // namespace tubal
