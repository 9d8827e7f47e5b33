// What the trainer trains: the L-product Transformer or the bag of words, behind one interface.
#pragma once
#include <memory>
#include <span>
#include <vector>

#include "layers/model.hpp"

namespace tubal {

/// Members mean what Model<float>'s do (layers/model.hpp). values() and the moments are the whole state.
class Learner {
 public:
  virtual ~Learner() = default;
  virtual BatchResult gradients(const Batch& batch, std::uint64_t seed, std::int64_t step) = 0;
  virtual double update(const AdamWSettings& settings, std::int64_t step) = 0;
  virtual BatchResult evaluate(const Batch& batch, Tensor<float, 2>* logits = nullptr) = 0;
  virtual NonFinite find_nonfinite(const Batch& batch, std::uint64_t seed, std::int64_t step) = 0;
  /// Empty where there are no slices.
  virtual SliceFigures slice_figures(const Batch&) { return {}; }
  /// Without `token_gradient` the token embedding's gradient is null (for those who look at values alone).
  virtual std::vector<NamedTensor<float>> parameters(bool token_gradient = true) = 0;
  virtual std::span<float> values() = 0;
  virtual std::span<float> first_moment() = 0;
  virtual std::span<float> second_moment() = 0;
  virtual ParameterCounts counts() const = 0;
  /// Floating-point operations of one training step over sequences with `tokens` tokens in all and
  /// `squares` = the sum of their squared lengths: matrix products, attention and transforms,
  /// backward taken as twice forward.
  virtual double step_flops(double tokens, double squares) const = 0;
};

/// By config.kind. `precision`: float or bf16, see Model::use_bfloat16(); the bag of words has float alone.
std::unique_ptr<Learner> make_learner(const ModelConfig& config, int vocabulary, int classes,
                                      std::uint64_t seed, int threads,
                                      const std::string& precision = "float");

}  // namespace tubal
