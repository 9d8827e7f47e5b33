// One group of sequences through the model, forward and backward: a loop over the stack's steps. Between them
// stand junctions, which own residual, dropout, norms and the changes of domain, so that a sub-layer sees
// rows of its own slices alone.
#pragma once
#include <cstdint>

#include "layers/model.hpp"
#include "layers/model/observer.hpp"
#include "layers/model/workspace.hpp"

namespace tubal {

/// What is the same for all groups of a step.
template <class T>
struct Pass {
  const Structure& s;
  const Maps<T>& maps;
  Weights<T> weights;    // effective arena
  Weights<T> embedding;  // [V, d]
  const Batch& batch;
  bool training = false;
  std::uint64_t seed = 0;  // dropout is drawn from (seed, step, site, row in the batch)
  std::int64_t step = 0;
  double share = 0;                 // of one loss in the mean
  T* embedding_gradient = nullptr;  // [T of the batch, d]: d loss / d each token's embedding
  double* losses = nullptr;         // cross-entropy of each sequence, or token
  std::uint8_t* hits = nullptr;     // whether it was predicted
  T* logits = nullptr;              // one row a loss, or null
  T *encoder_input = nullptr, *encoder_output = nullptr;  // [T of the batch, d], original domain, or null
  Observer<T>* observer = nullptr;
};

/// Embedding to losses. In training the backward pass follows at once: d (mean loss over the batch) / d
/// everything is added to the lane.
template <class T>
void evaluate(const Pass<T>& pass, const Group& group, Workspace<T>& w);
template <class T>
void train(const Pass<T>& pass, const Group& group, Workspace<T>& w, Lane<T>& lane);

/// What step j is called with: its parameters, its state in the workspace.
template <class T>
Frame<T> frame_of(const Pass<T>& pass, const Group& group, std::size_t j, Workspace<T>& w,
                  Lane<T>* lane = nullptr);

// The parts, one file each.

/// Junction j (0 .. steps): takes step j-1's output w.y into the stream w.x, normalises, and makes step j's
/// input. post: x = N(x + D(G y)), u = F x;  pre: x = x + D(G y), u = F N(x), and x = N(x) at the end.
template <class T>
void junction(const Pass<T>& pass, const Group& group, std::size_t j, Workspace<T>& w);
/// From w.du (d loss / d u, j < steps) and w.dx (of the stream behind): w.dx of the stream before, w.dy of y.
template <class T>
void junction_backward(const Pass<T>& pass, const Group& group, std::size_t j, Workspace<T>& w,
                       Lane<T>& lane);

/// Tokens to the stream: x = D(M (E[token] + position)).
template <class T>
void embed(const Pass<T>& pass, const Group& group, Workspace<T>& w);
template <class T>
void embed_backward(const Pass<T>& pass, const Group& group, Workspace<T>& w, Lane<T>& lane);

/// The state of junction j: its own when training, shared otherwise.
template <class T>
JunctionState<T>& state(const Pass<T>& pass, Workspace<T>& w, std::size_t j) {
  return w.junctions[pass.training ? j : 0];
}

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
