#include "layers/attention.hpp"

#include <algorithm>
#include <cmath>

#include "core/blas.hpp"
#include "core/kernels.hpp"

namespace tubal {

namespace {

// Rows of scores at a time: both score matrices of the backward pass fit in half a megabyte.
template <class T>
std::size_t rows_at_a_time(std::size_t n) {
  const std::size_t rows = (std::size_t{1} << 18) / sizeof(T) / n;
  return std::clamp<std::size_t>(rows, 16, n < 16 ? 16 : n);
}

template <class T>
void reserve(std::vector<T>& v, std::size_t n) {
  if (v.size() < n) v.resize(n);
}

}  // namespace

template <class T>
void attention_forward(std::size_t n, std::size_t e, Rows<const T> Q, Rows<const T> K, Rows<const T> V,
                       Rows<T> O, T* log_sum_exp, AttentionScratch<T>& scratch) {
  const Kernels<T>& kernel = kernels<T>();
  const T scale = T(1) / std::sqrt(static_cast<T>(e));
  const std::size_t step = rows_at_a_time<T>(n);
  reserve(scratch.scores, std::min(step, n) * n);
  reserve(scratch.per_row, n);
  for (std::size_t i = 0; i < n; i += step) {
    const std::size_t rows = std::min(step, n - i);
    T* S = scratch.scores.data();
    gemm(false, true, rows, n, e, T(1), Q.data + i * Q.stride, Q.stride, K.data, K.stride, T(0), S, n);
    kernel.softmax(S, rows, n, scale, scratch.per_row.data(), log_sum_exp + i);
    gemm(false, false, rows, e, n, T(1), S, n, V.data, V.stride, T(0), O.data + i * O.stride, O.stride);
    kernel.scale_rows(O.data + i * O.stride, scratch.per_row.data(), rows, e, O.stride);
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
  const std::size_t step = rows_at_a_time<T>(n);
  reserve(scratch.scores, std::min(step, n) * n);
  reserve(scratch.gradients, std::min(step, n) * n);
  reserve(scratch.per_row, n);
  T *S = scratch.scores.data(), *dS = scratch.gradients.data(), *D = scratch.per_row.data();
  kernel.row_dots(dO.data, dO.stride, O.data, O.stride, D, n, e);
  for (std::size_t i = 0; i < n; i += step) {
    const std::size_t rows = std::min(step, n - i);
    const T *q = Q.data + i * Q.stride, *dO_i = dO.data + i * dO.stride;
    gemm(false, true, rows, n, e, T(1), q, Q.stride, K.data, K.stride, T(0), S, n);
    gemm(false, true, rows, n, e, T(1), dO_i, dO.stride, V.data, V.stride, T(0), dS, n);
    kernel.softmax_backward(S, dS, log_sum_exp + i, D + i, rows, n, scale);
    const T before = i == 0 ? T(0) : T(1);
    gemm(true, false, n, e, rows, T(1), S, n, dO_i, dO.stride, before, dV.data, dV.stride);
    gemm(false, false, rows, e, n, T(1), dS, n, K.data, K.stride, T(0), dQ.data + i * dQ.stride, dQ.stride);
    gemm(true, false, n, e, rows, T(1), dS, n, q, Q.stride, before, dK.data, dK.stride);
  }
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
