// What a model is, as DESIGN's `model:` block says it. Plain data; experiments/ parses it, layers/ builds
// from it.
#pragma once
#include <string>
#include <vector>

#include "transforms/transform.hpp"

namespace tubal {

struct PositionConfig {
  std::string kind = "sinusoidal";  // sinusoidal | learned
  std::string domain = "original";  // original | spectral (sinusoidal only)
  bool operator==(const PositionConfig&) const = default;
};

struct FrequencyScalingConfig {
  std::string kind = "none";    // none linear exponential harmonic learned power decay values
  std::string at = "position";  // position input residual output learning_rate
  double alpha = 0;             // power, decay
  std::vector<double> values;   // values
  bool operator==(const FrequencyScalingConfig&) const = default;
};

struct ModelConfig {
  std::string kind = "transformer";  // transformer | bag_of_words
  int width = 256;                   // d
  int p = 4;
  TransformSpec transform;
  int depth = 4;
  int heads = 4;            // over all slices; heads_per_slice = heads / p
  int heads_per_slice = 0;  // 0: follows from heads; else it wins (exactly one of the two is given)
  int feed_forward = 4;     // r, hidden width r*m a slice
  bool attention_bias = true;
  std::string activation = "gelu";             // gelu (exact, erf) | relu
  std::string activation_domain = "spectral";  // spectral | original
  std::string norm = "post";                   // post | pre
  std::string norm_domain = "original";        // original | spectral
  std::string norm_over = "slice";             // slice | width (original domain only)
  PositionConfig position;
  std::string pooling = "mean";  // mean | cls (first token)
  double dropout = 0.1;
  FrequencyScalingConfig frequency_scaling;
  double embedding_std = 1.0;  // token embedding starts as N(0, std^2)
  int max_length = 128;        // rows of a learned position table (from data.max_length)
  bool operator==(const ModelConfig&) const = default;
};

/// What cannot be built, and the likely fix; empty when `config` is sound (p divides width, heads fit, ...).
/// `key` is the configuration key to blame, such as "model.p".
struct ModelProblem {
  std::string key, message;
};
std::vector<ModelProblem> model_problems(const ModelConfig& config);

struct ParameterCounts {
  long long encoder = 0, total = 0;
};
/// Shape-only. Encoder = everything but token and position embeddings and classifier (DESIGN section 3's
/// counts).
ParameterCounts count_parameters(const ModelConfig& config, long long vocabulary, long long classes);

}  // namespace tubal
