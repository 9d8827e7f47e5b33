// What is logged of the slices at each epoch's end, from parameters and their last gradients alone.
#pragma once
#include <optional>

#include "experiments/learner.hpp"
#include "experiments/record.hpp"

namespace tubal {

/// Reads a learner's parameters between epochs. Nothing for bag_of_words.
class Probe {
 public:
  explicit Probe(const ModelConfig& config);
  /// Slices in storage order; empty for bag_of_words.
  const std::vector<SliceInfo>& slices() const { return slices_; }
  /// L at this epoch: for a learned one each time, for a fixed one at epoch 0 alone.
  std::optional<TransformPoint> transform(Learner& learner, int epoch) const;
  /// weight_norm, gradient_norm (after epoch 0) and, where frequencies are scaled, gain; each [layers,
  /// slices].
  std::optional<SpectrumPoint> spectrum(Learner& learner, int epoch) const;

 private:
  ModelConfig config_;
  std::unique_ptr<Transform> transform_;
  Tensor<Complex, 2> start_;
  double scale_ = 0;
  std::vector<SliceInfo> slices_;
};

/// Largest angle of the rotation R [p, p] (orthogonal): the largest |theta| among its eigenvalues exp(i
/// theta).
double largest_angle(const Tensor<double, 2>& R);

}  // namespace tubal
