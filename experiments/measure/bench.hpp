// Timing of training steps and evaluations on random tokens, beside the same matrix products alone.
#pragma once
#include <cstdint>
#include <string>

#include "layers/model.hpp"

namespace tubal {

struct BenchOptions {
  ModelConfig model;
  int vocabulary = 20000, classes = 2, batch = 32, length = 256, threads = 1, steps = 7;
  double mean_length = 0;  // > 0: log-normal lengths of this median, sigma 0.55, from 8 to `length`
  bool inference = false, bfloat16 = false;
  std::uint64_t seed = 1;
};

struct BenchResult {
  double seconds = 0;                  // median of the steps after the first two
  double tokens_per_second = 0;        // tokens of all timed steps over their seconds
  double product_seconds = 0;          // the step's matrix products alone: the floor
  double over_products = 0;            // a step's seconds over those of its products, step by step
  double processor_over_products = 0;  // the same in processor time, which other programs disturb less
  double gigabytes = 0;                // peak resident memory of the process
  long long tokens = 0;                // of the median step
  ParameterCounts parameters;
  std::vector<std::string> transform_schemes;  // what applied L in the sub-layers, one a transform
};

/// Steps, and in turn with some of them their matrix products alone, the way that the model cuts them and on
/// the same threads: linear maps, scores, and in training their gradients and the scores made again.
BenchResult bench(const BenchOptions& options);

/// Random packed sequences.
Batch random_batch(const BenchOptions& options, std::uint64_t index);

}  // namespace tubal
