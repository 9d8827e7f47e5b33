// What is logged of the slices at each epoch's end: from parameters, their last gradients and a forward pass
// over a few fixed texts.
#pragma once
#include <optional>

#include "experiments/data/dataset.hpp"
#include "experiments/records/record.hpp"
#include "experiments/training/learner.hpp"

namespace tubal {

/// Reads a learner's parameters between epochs. Nothing for bag_of_words.
class Probe {
 public:
  Probe(const ModelConfig& config, Batch batch);
  /// Slices in storage order; empty for bag_of_words. Of a list of transforms, the first's among those with
  /// most slices; layers with fewer have NaN behind theirs.
  const std::vector<SliceInfo>& slices() const { return slices_; }
  const Batch& batch() const { return batch_; }
  /// L at this epoch: for a learned one each time, for a fixed one at epoch 0 alone. Of a list, the first
  /// learned entry; without one the first.
  std::optional<TransformPoint> transform(Learner& learner, int epoch) const;
  /// weight_norm, gradient_norm (after epoch 0), where frequencies are scaled gain, and what the slices do on
  /// the batch: energy, effective_rank, attention_entropy, off_diagonal_mixing; each [layers, slices].
  std::optional<SpectrumPoint> spectrum(Learner& learner, int epoch) const;

 private:
  ModelConfig config_;
  Batch batch_;
  std::unique_ptr<Transform> transform_;
  std::string skew_;  // its parameter's name
  Tensor<Complex, 2> start_;
  double scale_ = 0;
  std::vector<SliceInfo> slices_;
  std::vector<std::vector<SliceInfo>> of_transform_;  // of the list's entries
};

/// The texts that a probe looks at: of the validation part (where there is none, the training part) in an
/// order that is the same for every trial on the same data, until they hold `probe_tokens(tokens of the
/// training part)` tokens. Of a language model's data, windows.
Batch probe_batch(const Dataset& data, const DataConfig& config);
/// So many that looking costs less than 2 % of training an epoch: a share of its tokens, within bounds.
std::size_t probe_tokens(std::size_t training_tokens);

/// Largest angle of the rotation R [p, p] (orthogonal): the largest |theta| among its
/// eigenvalues exp(i theta).
double largest_angle(const Tensor<double, 2>& R);

}  // namespace tubal
