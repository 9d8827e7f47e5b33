// Attention of one sequence, slice and head: O = softmax(Q K^T / sqrt(e)) V. Scores are made for a few rows
// of Q at a time and made again in the backward pass, so memory grows as n, not n^2.
#pragma once
#include <cstddef>

#include "core/matrix_view.hpp"

namespace tubal {

/// Numbers of scratch that the two passes need for up to `keys` keys.
template <class T>
std::size_t attention_scratch(std::size_t keys, std::size_t e);

/// Q [queries, e], K and V [keys, e], O [queries, e]; log_sum_exp [queries] is kept for the backward pass.
/// The queries are the last tokens of the keys' sequence: causal, query i sees keys 0 .. keys - queries + i.
template <class T>
void attention_forward(bool causal, MatrixView<const T> Q, MatrixView<const T> K, MatrixView<const T> V,
                       MatrixView<T> O, T* log_sum_exp, T* scratch);

/// dQ, dK, dV are overwritten.
template <class T>
void attention_backward(bool causal, MatrixView<const T> Q, MatrixView<const T> K, MatrixView<const T> V,
                        MatrixView<const T> O, MatrixView<const T> dO, const T* log_sum_exp, MatrixView<T> dQ,
                        MatrixView<T> dK, MatrixView<T> dV, T* scratch);

/// Sum over the queries of the entropy (nats, 0 .. log keys) of their attention weights. For looking, not for
/// training: scores are made anew.
template <class T>
double attention_entropy(bool causal, MatrixView<const T> Q, MatrixView<const T> K);

}  // namespace tubal
