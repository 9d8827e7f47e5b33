// Moving numbers across the lanes of packs: transpositions and sums of lanes.
#pragma once
#include <utility>

#include "core/kernels/pack.hpp"

namespace tubal::TUBAL_KERNELS_NAMESPACE {
namespace {

// Lanes x_0 y_0 x_1 y_1 ... of the lower and the upper halves.
template <class T, std::size_t... i>
Pack<T> interleave_low(const Pack<T>& x, const Pack<T>& y, std::index_sequence<i...>) {
  using V = typename Pack<T>::register_type;
  return Pack<T>(__builtin_shufflevector(V(x), V(y), (i / 2 + (i % 2) * W<T>)...));
}
template <class T, std::size_t... i>
Pack<T> interleave_high(const Pack<T>& x, const Pack<T>& y, std::index_sequence<i...>) {
  using V = typename Pack<T>::register_type;
  return Pack<T>(__builtin_shufflevector(V(x), V(y), (W<T> / 2 + i / 2 + (i % 2) * W<T>)...));
}
template <class T>
using Lanes = std::make_index_sequence<W<T>>;

// log2 W perfect shuffles of x[0] .. x[W-1], laid end to end, are a transposition.
template <class T>
void transpose_square(Pack<T>* x) {
#pragma GCC unroll 4
  for (std::size_t round = 1; round < W<T>; round *= 2) {
    Pack<T> y[W<T>];
#pragma GCC unroll 8
    for (std::size_t i = 0; i < W<T> / 2; ++i) {
      y[2 * i] = interleave_low(x[i], x[i + W<T> / 2], Lanes<T>{});
      y[2 * i + 1] = interleave_high(x[i], x[i + W<T> / 2], Lanes<T>{});
    }
#pragma GCC unroll 16
    for (std::size_t i = 0; i < W<T>; ++i) x[i] = y[i];
  }
}

// Lane i: the sum of x[i]'s lanes. (xsimd 8.1's haddp mixes lanes up with AVX-512.)
template <class T>
Pack<T> lane_sums(Pack<T>* x) {
#pragma GCC unroll 4
  for (std::size_t half = W<T> / 2; half > 0; half /= 2)
#pragma GCC unroll 8
    for (std::size_t i = 0; i < half; ++i)
      x[i] = interleave_low(x[i], x[i + half], Lanes<T>{}) + interleave_high(x[i], x[i + half], Lanes<T>{});
  return x[0];
}

template <class T>
void transpose(MatrixView<const T> from, MatrixView<T> to) {
  const std::size_t n = from.rows, e = from.columns, ldx = from.stride, ld = to.stride;
  const T* X = from.data;
  T* Xt = to.data;
  std::size_t i = 0;
  for (; i + W<T> <= n; i += W<T>) {
    std::size_t j = 0;
    for (; j + W<T> <= e; j += W<T>) {
      Pack<T> x[W<T>];
#pragma GCC unroll 16
      for (std::size_t r = 0; r < W<T>; ++r) x[r] = load(X + (i + r) * ldx + j);
      transpose_square(x);
#pragma GCC unroll 16
      for (std::size_t r = 0; r < W<T>; ++r) store(Xt + (j + r) * ld + i, x[r]);
    }
    for (; j < e; ++j)
      for (std::size_t r = i; r < i + W<T>; ++r) Xt[j * ld + r] = X[r * ldx + j];
  }
  for (std::size_t j = 0; j < e; ++j)
    for (std::size_t r = i; r < to.columns; ++r) Xt[j * ld + r] = r < n ? X[r * ldx + j] : T(0);
}

}  // namespace
}  // namespace tubal::TUBAL_KERNELS_NAMESPACE
