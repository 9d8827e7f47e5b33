// One group of sequences through the model, forward and backward. Works on effective weights (structure.hpp).
#pragma once
#include <cstdint>

#include "core/bfloat16.hpp"
#include "layers/model.hpp"
#include "layers/observer.hpp"
#include "layers/workspace.hpp"

namespace tubal {

/// What is the same for all groups of a step.
template <class T>
struct Pass {
  const Structure& s;
  const Mixing<T>& mixing;
  const T* weights;    // effective arena
  const T* embedding;  // [V, d]
  const Batch& batch;
  const Bfloat16* rounded = nullptr;  // the weights in bfloat16, where linear maps run on such numbers
  bool training = false;
  std::uint64_t seed = 0;  // dropout is drawn from (seed, step, site, row in the batch)
  std::int64_t step = 0;
  T* embedding_gradient = nullptr;      // [T of the batch, d]: d loss / d each token's embedding
  double* losses = nullptr;             // [B], cross-entropy of each sequence
  std::int32_t* predictions = nullptr;  // [B]
  T* logits = nullptr;                  // [B, C] or null
  T *encoder_input = nullptr, *encoder_output = nullptr;  // [T of the batch, d], original domain, or null
  Observer<T>* observer = nullptr;
};

/// Embedding to logits and losses; what the backward pass needs stays in the workspace when training.
template <class T>
void forward(const Pass<T>& pass, const Group& group, Workspace<T>& w);
/// d (mean loss over the batch) / d everything, added to the lane; after forward() on the same group and
/// workspace.
template <class T>
void backward(const Pass<T>& pass, const Group& group, Workspace<T>& w, Lane<T>& lane);

// The parts, one file each.

/// y = L-product linear map of u, block by block: y_b = u_b W_b^T + bias_b. u [T, in d], y [T, out d], in
/// units of d.
template <class T>
void linear_forward(const Pass<T>& pass, const LinearOffsets& at, bool bias, std::size_t out, std::size_t in,
                    std::size_t tokens, const T* u, T* y);
/// dW_b += dy_b^T u_b, dbias_b += sum dy_b into `gradient` (effective arena), du_b = dy_b W_b.
template <class T>
void linear_backward(const Pass<T>& pass, const LinearOffsets& at, bool bias, std::size_t out, std::size_t in,
                     std::size_t tokens, const T* dy, const T* u, T* du, T* gradient);

/// Sub-layer of layer i: w.y = f(u), u the junction's input.
template <class T>
void attention_sublayer(const Pass<T>& pass, const Group& group, std::size_t i, const T* u, Workspace<T>& w);
template <class T>
void attention_sublayer_backward(const Pass<T>& pass, const Group& group, std::size_t i, const T* u,
                                 Workspace<T>& w, Lane<T>& lane);
template <class T>
void feed_forward_sublayer(const Pass<T>& pass, const Group& group, std::size_t i, const T* u,
                           Workspace<T>& w);
template <class T>
void feed_forward_sublayer_backward(const Pass<T>& pass, const Group& group, std::size_t i, const T* u,
                                    Workspace<T>& w, Lane<T>& lane);

/// Junction j (0 .. 2 depth): takes sub-layer j-1's output w.y into the stream w.x, normalises, and makes
/// sub-layer j's input. post: x = N(x + D(G y)), u = F x;  pre: x = x + D(G y), u = F N(x), and x = N(x) at
/// the end.
template <class T>
void junction(const Pass<T>& pass, const Group& group, std::size_t j, Workspace<T>& w);
/// From w.du (d loss / d u, j < 2 depth) and w.dx (of the stream behind): w.dx of the stream before, w.dy of
/// y.
template <class T>
void junction_backward(const Pass<T>& pass, const Group& group, std::size_t j, Workspace<T>& w,
                       Lane<T>& lane);

/// Tokens to the stream: x = D(M (E[token] + position)).
template <class T>
void embed(const Pass<T>& pass, const Group& group, Workspace<T>& w);
template <class T>
void embed_backward(const Pass<T>& pass, const Group& group, Workspace<T>& w, Lane<T>& lane);
/// Stream to pooled vectors, logits, losses.
template <class T>
void classify(const Pass<T>& pass, const Group& group, Workspace<T>& w);
template <class T>
void classify_backward(const Pass<T>& pass, const Group& group, Workspace<T>& w, Lane<T>& lane);

/// The states of junction j and layer i: their own when training, shared otherwise.
template <class T>
JunctionState<T>& state(const Pass<T>& pass, Workspace<T>& w, std::size_t j) {
  return w.junctions[pass.training ? j : 0];
}
template <class T>
LayerState<T>& layer_state(const Pass<T>& pass, Workspace<T>& w, std::size_t i) {
  return w.layers[pass.training ? i : 0];
}

/// Rows at a time for element-wise work that should stay in the first-level cache.
inline std::size_t row_block(std::size_t d) { return d >= 2048 ? 2 : 4096 / d; }

/// Inverted dropout as the kernels take it: an element is dropped with probability threshold / 2^16.
template <class T>
struct DropoutRate {
  std::uint32_t threshold;
  T scale;
  explicit DropoutRate(double rate)
      : threshold(static_cast<std::uint32_t>(rate * 65536 + 0.5)),
        scale(static_cast<T>(65536.0 / (65536.0 - threshold))) {}
};
inline std::uint64_t dropout_stream(std::int64_t step, std::size_t site) {
  return static_cast<std::uint64_t>(step) * 4096 + site;
}

}  // namespace tubal
