// Speed of a language model that writes: a token by what was kept of the earlier ones, and
// by reading them all again.
#pragma once
#include "experiments/measure/bench.hpp"

namespace tubal {

struct GenerationSpeed {
  double kept = 0;        // tokens a second, each a pass over itself alone
  double read_again = 0;  // tokens a second, each a pass over the whole text
  double bound = 0;       // tokens a second, were reading weights, keys and values all that there is to do
  double difference = 0;  // largest between the logits of both ways, relative to the largest logit
};

/// The last tokens of a text of o.length tokens, drawn by argmax. `o.model` must be a language model.
GenerationSpeed bench_generation(const BenchOptions& o);

}  // namespace tubal
