// Attention of one sequence, block and head: O = softmax(Q K^T / sqrt(e)) V. Scores are made for a few rows
// of Q at a time and made again in the backward pass, so memory grows as n, not n^2.
#pragma once
#include <cstddef>

#include "core/buffer.hpp"

namespace tubal {

/// A matrix [n, e] inside wider rows.
template <class T>
struct Rows {
  T* data;
  std::size_t stride;
};

/// Scratch for one worker.
template <class T>
struct AttentionScratch {
  Buffer<T> scores, transposed;
};

/// O [n, e] and log_sum_exp [n] (with stride `lse_stride`; kept for the backward pass).
template <class T>
void attention_forward(std::size_t n, std::size_t e, Rows<const T> Q, Rows<const T> K, Rows<const T> V,
                       Rows<T> O, T* log_sum_exp, AttentionScratch<T>& scratch);

/// dQ, dK, dV [n, e] are overwritten.
template <class T>
void attention_backward(std::size_t n, std::size_t e, Rows<const T> Q, Rows<const T> K, Rows<const T> V,
                        Rows<const T> O, Rows<const T> dO, const T* log_sum_exp, Rows<T> dQ, Rows<T> dK,
                        Rows<T> dV, AttentionScratch<T>& scratch);

/// Sum over the n queries of the entropy (nats, 0 .. log n) of their attention weights. For looking, not for
/// training: scores are made anew.
template <class T>
double attention_entropy(std::size_t n, std::size_t e, Rows<const T> Q, Rows<const T> K,
                         AttentionScratch<T>& scratch);

}  // namespace tubal
