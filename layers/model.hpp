// The model: embedding, positions, L-product stack, and a classifier or a language head;
// forward and backward by hand.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "layers/model_config.hpp"

namespace tubal {

/// Packed sequences: sequence b is tokens[offsets[b] .. offsets[b+1]). A classifier has labels; a language
/// model has targets, the token that follows each one (below 0: none, left out of the loss).
struct Batch {
  std::vector<std::int32_t> tokens, offsets, labels;  // [T], [B+1], [B]
  std::vector<std::int32_t> targets = {};             // [T]
  std::size_t size() const { return offsets.empty() ? 0 : offsets.size() - 1; }
};

/// A parameter and its gradient under its name in files: row-major over the shape, with a stride over axis 0.
template <class T>
struct NamedTensor {
  std::string name;
  std::vector<std::size_t> shape;
  T* value = nullptr;
  T* gradient = nullptr;
  std::size_t outer_stride = 0;  // elements between indices of axis 0 (>= product of the other axes)
  bool decays = false;           // weight decay by default (matrices and embeddings)
  bool by_slice = false;         // axis 0 runs over the real, or the complex, slices of its layer's L
  std::size_t size() const {
    std::size_t n = 1;
    for (auto s : shape) n *= s;
    return n;
  }
};

struct BatchResult {
  double loss = 0;        // mean cross-entropy over the batch's sequences, or tokens; natural log
  long long correct = 0;  // how many of them were predicted
  long long counted = 0;  // how many there are: sequences, or tokens with a target
};

/// Values on the way, for parity checks: [T, d] in the original domain, [B, C] or [T, V].
template <class T>
struct Capture {
  Tensor<T, 2> encoder_input, encoder_output, logits;
};

/// Further factors on the spectral slices, in evaluation: 0 takes a slice away.
struct SliceFactors {
  ScalingPlace at = ScalingPlace::output;  // input, residual or output
  std::vector<double> factor;              // [S], slices in storage order
};

/// What the slices do on a batch, each [depth, S] row-major, slices in
/// storage order (layers/model/slice_figures.hpp).
struct SliceFigures {
  std::vector<double> energy;             // mean squared modulus of the layer's output, over tokens and m
  std::vector<double> effective_rank;     // of that output as a matrix [T, m], or [T, 2m] of a complex slice
  std::vector<double> attention_entropy;  // mean over queries and heads, nats
  std::vector<double> off_diagonal_mixing;  // mean over the layer's two norms; 0 where norms are spectral
};

struct AdamWSettings {
  double learning_rate = 3e-4, weight_decay = 0.01, beta1 = 0.9, beta2 = 0.999, eps = 1e-8;
  double gradient_clip = 0;       // 0: none; else the largest global L2 norm
  bool decay_everything = false;  // golden cases decay every parameter; training decays matrices only
};

/// Where the first number that is not finite stands. What goes wrong forward comes before all that does on
/// the way back, and that before sums over the batch.
struct NonFinite {
  enum When { nowhere, parameters, forward, backward, gradient, norm } when = nowhere;
  std::string place;        // such as "layer 1's attention", "layer 1's attention norm", "the head"
  std::string parameter;    // the parameter that is not finite, or whose gradient is not
  std::vector<int> slices;  // bins of spectral slices, or the numbers of original ones; empty: has none
  bool original = false;    // they are original ones
  std::string cause;        // what was done there, where that is known: "the variance is too large", ...
  long long text = -1, token = -1;  // the first one of the batch where it is so
  double input = -1;                // largest |number| that went in; below 0: not known
  double size = -1;                 // largest |parameter| there, or with `norm` |gradient|
  std::string largest;              // whose that is
  /// In one line, such as "layer 1's attention, slice 2, on the way forward (text 3, token 5, ...)".
  std::string told() const;
};

template <class T>
class Model {
 public:
  /// Throws UsageError where model_problems() finds one. `seed` draws the initialisation.
  Model(const ModelConfig& config, int vocabulary, int classes, std::uint64_t seed, int threads = 1);
  ~Model();
  Model(Model&&) noexcept;
  const ModelConfig& config() const;

  /// Forward, loss, backward; gradients are left in parameters(). Dropout is drawn from (seed, step). The
  /// result does not depend on the number of threads.
  BatchResult gradients(const Batch& batch, std::uint64_t seed, std::int64_t step,
                        Capture<T>* capture = nullptr);
  /// One AdamW update from the gradients (clipping first). `step` counts from 1. Returns the gradient's L2
  /// norm before clipping; if that is not finite nothing is updated.
  double update(const AdamWSettings& settings, std::int64_t step);
  /// Forward only, no dropout. `logits` [B, C], of a language model [T, V], is resized and filled when given.
  BatchResult evaluate(const Batch& batch, Tensor<T, 2>* logits = nullptr,
                       const SliceFactors* factors = nullptr);
  /// The cross-entropy of each sequence, of a language model of each token (0 without a target); no dropout.
  std::vector<double> losses(const Batch& batch);
  /// Forward only, no dropout. Touches neither parameters, gradients nor moments, and draws nothing.
  SliceFigures slice_figures(const Batch& batch);

  /// Looks for what made a loss or gradient not finite, by going through the same again, at the
  /// parameters as they stand: gradients(batch, seed, step), or with step 0 evaluate(batch). What these
  /// left is the same behind it.
  NonFinite find_nonfinite(const Batch& batch, std::uint64_t seed, std::int64_t step);

  /// Values and gradients by name. `token_gradient`: also the token embedding's gradient, which is gathered
  /// for this from the rows that the batch has; else it is null.
  std::vector<NamedTensor<T>> parameters(bool token_gradient = true);
  /// All parameters and AdamW's two moments as flat arrays, in one fixed order: for checkpoints.
  std::span<T> values();
  std::span<T> first_moment();
  std::span<T> second_moment();
  ParameterCounts counts() const;
  /// Floating-point operations of a forward pass over sequences with `tokens` tokens in all and `squares` =
  /// the sum of their squared lengths (layers/model/structure.hpp).
  double forward_flops(double tokens, double squares) const;
  /// What applies L on the way to and from a sub-layer, for people, such as "p x p product" or "butterflies";
  /// one a transform of the list, "none" where no sub-layer has L around it.
  std::vector<std::string> transform_schemes();
  void set_threads(int threads);
  /// Linear maps on bfloat16 numbers with float accumulation; parameters, moments, attention and all else
  /// stay float. Throws UsageError where that cannot be (core/bfloat16.hpp) or T is double.
  void use_bfloat16();

 private:
  template <class U>
  friend class Generation;  // layers/model/generation.hpp
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

extern template class Model<float>;
extern template class Model<double>;

}  // namespace tubal
