#include "layers/stack/attention_head.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/kernels.hpp"

namespace tubal {

namespace {

// Rows of scores at a time: few enough that both score matrices of the backward pass stay in the first two
// caches, enough that dK and dV, to which each such block adds, are seldom read and written again.
constexpr std::size_t rows_at_a_time = 56;

// Keys that queries up to the last-th see, in whole packs where there are more.
template <class T>
std::size_t seen(const AttentionShape& s, std::size_t last) {
  if (!s.causal) return s.keys;
  const std::size_t pack = kernels<T>().row_stride(1), own = s.keys - s.queries + last + 1;
  return std::min(s.keys, (own + pack - 1) / pack * pack);
}

// What a query may not see has no weight: scores of queries first, first + 1, ... behind their own key.
template <class T>
void hide(const AttentionShape& s, T* S, std::size_t first, std::size_t rows, std::size_t n, std::size_t ld) {
  if (!s.causal) return;
  for (std::size_t t = 0; t < rows; ++t) {
    const std::size_t own = s.keys - s.queries + first + t + 1;
    std::fill(S + t * ld + std::min(own, n), S + t * ld + n, -std::numeric_limits<T>::infinity());
  }
}

}  // namespace

template <class T>
std::size_t attention_scratch(std::size_t keys, std::size_t e) {
  return (2 * rows_at_a_time + 4 * e) * kernels<T>().row_stride(keys);
}

template <class T>
void attention_forward(const AttentionShape& s, MatrixView<const T> Q, MatrixView<const T> K,
                       MatrixView<const T> V, MatrixView<T> O, T* log_sum_exp, T* scratch) {
  const Kernels<T>& kernel = kernels<T>();
  const std::size_t e = s.e, ld = kernel.row_stride(s.keys);
  const T scale = T(1) / std::sqrt(static_cast<T>(e));
  const bool whole = e % kernel.row_stride(1) == 0;  // else V's rows are no whole packs, but V^T's are
  T *S = scratch, *Kt = S + rows_at_a_time * ld, *Vt = Kt + e * ld;
  T inverse_sum[rows_at_a_time];
  kernel.transpose(s.keys, e, K.data, K.stride, Kt, ld, ld);
  if (!whole) kernel.transpose(s.keys, e, V.data, V.stride, Vt, ld, ld);
  for (std::size_t i = 0; i < s.queries; i += rows_at_a_time) {
    const std::size_t rows = std::min(rows_at_a_time, s.queries - i), n = seen<T>(s, i + rows - 1);
    T* o = O.data + i * O.stride;
    kernel.product(rows, n, e, Q.data + i * Q.stride, Q.stride, 1, Kt, ld, nullptr, 0, S, ld);
    hide(s, S, i, rows, n, ld);
    kernel.softmax(S, rows, n, ld, scale, inverse_sum, log_sum_exp + i);
    if (whole)
      kernel.product(rows, e, n, S, ld, 1, V.data, V.stride, nullptr, 0, o, O.stride);
    else
      kernel.row_products(rows, e, n, S, ld, Vt, ld, o, O.stride);
    kernel.scale_rows(o, inverse_sum, rows, e, O.stride);
  }
}

// With P = softmax(S / sqrt(e)), O = P V: dV = P^T dO, dP = dO V^T, dS = P (dP - rowsum(dO O)) / sqrt(e),
// dQ = dS K, dK = dS^T Q.
template <class T>
void attention_backward(const AttentionShape& s, MatrixView<const T> Q, MatrixView<const T> K,
                        MatrixView<const T> V, MatrixView<const T> O, MatrixView<const T> dO,
                        const T* log_sum_exp, MatrixView<T> dQ, MatrixView<T> dK, MatrixView<T> dV,
                        T* scratch) {
  const Kernels<T>& kernel = kernels<T>();
  const std::size_t e = s.e, ld = kernel.row_stride(s.keys);
  const T scale = T(1) / std::sqrt(static_cast<T>(e));
  const bool whole = e % kernel.row_stride(1) == 0;
  T *S = scratch, *dS = S + rows_at_a_time * ld;
  T *Kt = dS + rows_at_a_time * ld, *Vt = Kt + e * ld, *dKt = Vt + e * ld, *dVt = dKt + e * ld;
  T D[rows_at_a_time];
  kernel.transpose(s.keys, e, K.data, K.stride, Kt, ld, ld);
  kernel.transpose(s.keys, e, V.data, V.stride, Vt, ld, ld);
  if (s.causal) std::fill(dKt, dKt + 2 * e * ld, T(0));  // blocks of queries reach further and further
  for (std::size_t i = 0; i < s.queries; i += rows_at_a_time) {
    const std::size_t rows = std::min(rows_at_a_time, s.queries - i), n = seen<T>(s, i + rows - 1);
    const T *q = Q.data + i * Q.stride, *dO_i = dO.data + i * dO.stride;
    T* dq = dQ.data + i * dQ.stride;
    const bool more = i > 0 || s.causal;
    kernel.row_dots(dO_i, dO.stride, O.data + i * O.stride, O.stride, D, rows, e);
    kernel.product(rows, n, e, q, Q.stride, 1, Kt, ld, nullptr, 0, S, ld);
    hide(s, S, i, rows, n, ld);
    kernel.product(rows, n, e, dO_i, dO.stride, 1, Vt, ld, nullptr, 0, dS, ld);
    kernel.softmax_backward(S, dS, log_sum_exp + i, D, rows, n, ld, scale);
    kernel.product(e, n, rows, dO_i, 1, dO.stride, S, ld, more ? dVt : nullptr, ld, dVt, ld);
    kernel.product(e, n, rows, q, 1, Q.stride, dS, ld, more ? dKt : nullptr, ld, dKt, ld);
    if (whole)
      kernel.product(rows, e, n, dS, ld, 1, K.data, K.stride, nullptr, 0, dq, dQ.stride);
    else
      kernel.row_products(rows, e, n, dS, ld, Kt, ld, dq, dQ.stride);
  }
  kernel.transpose(e, s.keys, dKt, ld, dK.data, dK.stride, e);
  kernel.transpose(e, s.keys, dVt, ld, dV.data, dV.stride, e);
}

#define TUBAL_INSTANTIATE(T)                                                                                \
  template std::size_t attention_scratch<T>(std::size_t, std::size_t);                                      \
  template void attention_forward(const AttentionShape&, MatrixView<const T>, MatrixView<const T>,          \
                                  MatrixView<const T>, MatrixView<T>, T*, T*);                              \
  template void attention_backward(const AttentionShape&, MatrixView<const T>, MatrixView<const T>,         \
                                   MatrixView<const T>, MatrixView<const T>, MatrixView<const T>, const T*, \
                                   MatrixView<T>, MatrixView<T>, MatrixView<T>, T*);
TUBAL_INSTANTIATE(float)
TUBAL_INSTANTIATE(double)
#undef TUBAL_INSTANTIATE

}  // namespace tubal
