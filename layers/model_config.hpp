// What a model is, as DESIGN's `model:` block says it. Plain data;
// experiments/ parses it, layers/ builds from it.
#pragma once
#include <string>
#include <vector>

#include "layers/choices.hpp"
#include "transforms/transform.hpp"

namespace tubal {

struct PositionConfig {
  PositionKind kind = PositionKind::sinusoidal;
  Domain domain = Domain::original;  // spectral: sinusoidal only
  bool operator==(const PositionConfig&) const = default;
};

struct FrequencyScalingConfig {
  ScalingKind kind = ScalingKind::none;
  ScalingPlace at = ScalingPlace::position;
  double alpha = 0;            // power, decay
  std::vector<double> values;  // values
  bool operator==(const FrequencyScalingConfig&) const = default;
};

struct ModelConfig {
  ModelKind kind = ModelKind::transformer;
  Task task = Task::classification;
  int width = 256;  // d
  int p = 4;
  TransformSpec transform;
  std::vector<TransformSpec> transforms;  // layer i uses entry i mod n; empty: `transform` in all
  int depth = 4;
  std::vector<std::string> stack = {"attention", "feed_forward"};  // of each layer (layers/stack/table.hpp)
  int heads = 4;            // over all slices; heads_per_slice = heads / p
  int heads_per_slice = 0;  // 0: follows from heads; else it wins (exactly one of the two is given)
  int feed_forward = 4;     // r, hidden width r*m a slice
  bool attention_bias = true;
  Activation activation = Activation::gelu;  // gelu: exact, erf
  Domain activation_domain = Domain::spectral;
  int rank = 0;  // q > 0: each encoder map is a product of two of inner width q
  NormPlace norm = NormPlace::post;
  NormKind norm_kind = NormKind::layer_norm;
  Domain norm_domain = Domain::original;
  NormSpan norm_over = NormSpan::slice;  // width: original domain only
  PositionConfig position;
  Pooling pooling = Pooling::mean;  // cls: first token
  bool tied = true;                 // language_model: the head is the token embedding's transpose
  double dropout = 0.1;
  FrequencyScalingConfig frequency_scaling;
  double embedding_std = 1.0;  // token embedding starts as N(0, std^2)
  int max_length = 128;        // rows of a learned position table (from data.max_length)
  bool operator==(const ModelConfig&) const = default;
};

/// The transforms that the layers take in turn; one where all share it.
std::vector<TransformSpec> transform_cycle(const ModelConfig& config);

/// What cannot be built, and the likely fix; empty when `config` is sound (p divides width, heads fit, ...).
/// `key` is the configuration key to blame, such as "model.p".
struct ModelProblem {
  std::string key, message;
};
std::vector<ModelProblem> model_problems(const ModelConfig& config);

/// Whether the factors of frequency scaling go by the p original slices; else by spectral ones.
bool scales_original_slices(const ModelConfig& config);

struct ParameterCounts {
  long long encoder = 0, total = 0;
};
/// Shape-only. Encoder = everything but token and position embeddings and classifier
/// (DESIGN section 3's counts).
ParameterCounts count_parameters(const ModelConfig& config, long long vocabulary, long long classes);

}  // namespace tubal
