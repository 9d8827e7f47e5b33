#include "layers/attention.hpp"

#include <algorithm>
#include <cmath>

#include "core/kernels.hpp"

namespace tubal {

namespace {

// Rows of scores at a time: few enough that both score matrices of the backward pass stay in the first two
// caches, enough that dK and dV, to which each such block adds, are seldom read and written again.
constexpr std::size_t rows_at_a_time = 56;

}  // namespace

template <class T>
void attention_forward(std::size_t n, std::size_t e, Rows<const T> Q, Rows<const T> K, Rows<const T> V,
                       Rows<T> O, T* log_sum_exp, AttentionScratch<T>& scratch) {
  const Kernels<T>& kernel = kernels<T>();
  const T scale = T(1) / std::sqrt(static_cast<T>(e));
  const std::size_t ld = kernel.row_stride(n);
  const bool whole = e % kernel.row_stride(1) == 0;  // else V's rows are no whole packs, but V^T's are
  scratch.scores.reserve(rows_at_a_time * ld);
  scratch.transposed.reserve(2 * e * ld);
  T *S = scratch.scores.data(), *Kt = scratch.transposed.data(), *Vt = Kt + e * ld;
  T inverse_sum[rows_at_a_time];
  kernel.transpose(n, e, K.data, K.stride, Kt, ld, ld);
  if (!whole) kernel.transpose(n, e, V.data, V.stride, Vt, ld, ld);
  for (std::size_t i = 0; i < n; i += rows_at_a_time) {
    const std::size_t rows = std::min(rows_at_a_time, n - i);
    T* o = O.data + i * O.stride;
    kernel.product(rows, n, e, Q.data + i * Q.stride, Q.stride, 1, Kt, ld, nullptr, 0, S, ld);
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
void attention_backward(std::size_t n, std::size_t e, Rows<const T> Q, Rows<const T> K, Rows<const T> V,
                        Rows<const T> O, Rows<const T> dO, const T* log_sum_exp, Rows<T> dQ, Rows<T> dK,
                        Rows<T> dV, AttentionScratch<T>& scratch) {
  const Kernels<T>& kernel = kernels<T>();
  const T scale = T(1) / std::sqrt(static_cast<T>(e));
  const std::size_t ld = kernel.row_stride(n);
  const bool whole = e % kernel.row_stride(1) == 0;
  scratch.scores.reserve(2 * rows_at_a_time * ld);
  scratch.transposed.reserve(4 * e * ld);
  T *S = scratch.scores.data(), *dS = S + rows_at_a_time * ld;
  T *Kt = scratch.transposed.data(), *Vt = Kt + e * ld, *dKt = Vt + e * ld, *dVt = dKt + e * ld;
  T D[rows_at_a_time];
  kernel.transpose(n, e, K.data, K.stride, Kt, ld, ld);
  kernel.transpose(n, e, V.data, V.stride, Vt, ld, ld);
  for (std::size_t i = 0; i < n; i += rows_at_a_time) {
    const std::size_t rows = std::min(rows_at_a_time, n - i);
    const T *q = Q.data + i * Q.stride, *dO_i = dO.data + i * dO.stride;
    T* dq = dQ.data + i * dQ.stride;
    kernel.row_dots(dO_i, dO.stride, O.data + i * O.stride, O.stride, D, rows, e);
    kernel.product(rows, n, e, q, Q.stride, 1, Kt, ld, nullptr, 0, S, ld);
    kernel.product(rows, n, e, dO_i, dO.stride, 1, Vt, ld, nullptr, 0, dS, ld);
    kernel.softmax_backward(S, dS, log_sum_exp + i, D, rows, n, ld, scale);
    kernel.product(e, n, rows, dO_i, 1, dO.stride, S, ld, i ? dVt : nullptr, ld, dVt, ld);
    kernel.product(e, n, rows, q, 1, Q.stride, dS, ld, i ? dKt : nullptr, ld, dKt, ld);
    if (whole)
      kernel.product(rows, e, n, dS, ld, 1, K.data, K.stride, nullptr, 0, dq, dQ.stride);
    else
      kernel.row_products(rows, e, n, dS, ld, Kt, ld, dq, dQ.stride);
  }
  kernel.transpose(e, n, dKt, ld, dK.data, dK.stride, e);
  kernel.transpose(e, n, dVt, ld, dV.data, dV.stride, e);
}

#define TUBAL_INSTANTIATE(T)                                                                              \
  template void attention_forward(std::size_t, std::size_t, Rows<const T>, Rows<const T>, Rows<const T>,  \
                                  Rows<T>, T*, AttentionScratch<T>&);                                     \
  template void attention_backward(std::size_t, std::size_t, Rows<const T>, Rows<const T>, Rows<const T>, \
                                   Rows<const T>, Rows<const T>, const T*, Rows<T>, Rows<T>, Rows<T>,     \
                                   AttentionScratch<T>&);
TUBAL_INSTANTIATE(float)
TUBAL_INSTANTIATE(double)
#undef TUBAL_INSTANTIATE

}  // namespace tubal
