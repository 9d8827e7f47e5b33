// Matrix products, single-threaded, for matrices of which one is small: tiles of C stay in registers, A is
// read where it lies and B by whole packs. Beside a BLAS, which first copies all of A and B into its own
// order, this wins where that copy counts: slices of tens of columns.
// Products of a thousand rows and columns are BLAS's.
#pragma once
#include <utility>

#include "core/kernels/lanes.hpp"

namespace tubal::TUBAL_KERNELS_NAMESPACE {
namespace {

// 32 vector registers with AVX-512, 16 before.
constexpr std::size_t tile_rows = sizeof(Pack<float>) == 64 ? 14 : 6;

template <class T>
std::size_t row_stride(std::size_t n) {
  return ((n + W<T> - 1) / W<T> | 1) * W<T>;
}

// C [R, J packs] = start + sum_k a(r, k) B[k, :], a(r, k) at A[r ar + k ak]; no start: zeros.
template <class T, std::size_t R, std::size_t J>
void tile(std::size_t K, const T* A, std::size_t ar, std::size_t ak, const T* B, std::size_t ldb,
          const T* start, std::size_t lds, T* C, std::size_t ldc) {
  Pack<T> c[R][J];
#pragma GCC unroll 16
  for (std::size_t r = 0; r < R; ++r)
#pragma GCC unroll 2
    for (std::size_t j = 0; j < J; ++j) c[r][j] = start ? load(start + r * lds + j * W<T>) : Pack<T>(T(0));
  for (std::size_t k = 0; k < K; ++k, A += ak, B += ldb) {
    Pack<T> b[J];
#pragma GCC unroll 2
    for (std::size_t j = 0; j < J; ++j) b[j] = load(B + j * W<T>);
#pragma GCC unroll 16
    for (std::size_t r = 0; r < R; ++r) {
      const Pack<T> a(A[r * ar]);
#pragma GCC unroll 2
      for (std::size_t j = 0; j < J; ++j) c[r][j] = xsimd::fma(a, b[j], c[r][j]);
    }
  }
#pragma GCC unroll 16
  for (std::size_t r = 0; r < R; ++r)
#pragma GCC unroll 2
    for (std::size_t j = 0; j < J; ++j) store(C + r * ldc + j * W<T>, c[r][j]);
}

template <class T>
using Tile = void (*)(std::size_t, const T*, std::size_t, std::size_t, const T*, std::size_t, const T*,
                      std::size_t, T*, std::size_t);
template <class T, std::size_t J, class Indices>
struct Tiles;
template <class T, std::size_t J, std::size_t... R>
struct Tiles<T, J, std::index_sequence<R...>> {
  static constexpr Tile<T> of_rows[] = {nullptr, tile<T, R + 1, J>...};
};
template <class T, std::size_t J>
constexpr auto& tiles = Tiles<T, J, std::make_index_sequence<tile_rows>>::of_rows;

template <class T>
void product(Operand<T> A, MatrixView<const T> B, MatrixView<const T> start, MatrixView<T> C) {
  const T* a = A.matrix.data;
  const std::size_t M = C.rows, N = C.columns, K = B.rows, ar = A.turned ? 1 : A.matrix.stride,
                    ak = A.turned ? A.matrix.stride : 1;
  for (std::size_t n = 0; n < N; n += 2 * W<T>)
    for (std::size_t m = 0; m < M; m += tile_rows) {
      const std::size_t rows = M - m < tile_rows ? M - m : tile_rows;
      (N - n > W<T> ? tiles<T, 2> : tiles<T, 1>)[rows](
          K, a + m * ar, ar, ak, B.data + n, B.stride,
          start.data ? start.data + m * start.stride + n : nullptr, start.stride, C.data + m * C.stride + n,
          C.stride);
    }
}

// W dot products at once, R x J = W, their lanes added up by one tree.
// Rows behind the last are the last again.
template <class T, std::size_t R>
void dot_products(MatrixView<const T> A, MatrixView<const T> B, MatrixView<T> C) {
  constexpr std::size_t J = W<T> / R;
  const std::size_t M = C.rows, N = C.columns, packs = (A.columns + W<T> - 1) / W<T>;
  for (std::size_t n = 0; n < N; n += J)
    for (std::size_t m = 0; m < M; m += R) {
      const T *a[R], *b[J];
      for (std::size_t r = 0; r < R; ++r) a[r] = A.data + (m + r < M ? m + r : M - 1) * A.stride;
      for (std::size_t j = 0; j < J; ++j) b[j] = B.data + (n + j < N ? n + j : N - 1) * B.stride;
      Pack<T> s[R * J];
#pragma GCC unroll 16
      for (std::size_t i = 0; i < R * J; ++i) s[i] = Pack<T>(T(0));
      for (std::size_t k = 0; k < packs * W<T>; k += W<T>) {
        Pack<T> x[R], y[J];
#pragma GCC unroll 16
        for (std::size_t r = 0; r < R; ++r) x[r] = load(a[r] + k);
#pragma GCC unroll 4
        for (std::size_t j = 0; j < J; ++j) y[j] = load(b[j] + k);
#pragma GCC unroll 16
        for (std::size_t r = 0; r < R; ++r)
#pragma GCC unroll 4
          for (std::size_t j = 0; j < J; ++j) s[r * J + j] = xsimd::fma(x[r], y[j], s[r * J + j]);
      }
      T sums[W<T>];
      store(sums, lane_sums(s));
      for (std::size_t r = 0; r < R && m + r < M; ++r)
        for (std::size_t j = 0; j < J && n + j < N; ++j) C.data[(m + r) * C.stride + n + j] = sums[r * J + j];
    }
}

// A single row of one of them (a token that is written) meets W rows of the other at once.
template <class T>
void row_products(MatrixView<const T> A, MatrixView<const T> B, MatrixView<T> C) {
  if (C.columns == 1) return dot_products<T, W<T>>(A, B, C);
  if (C.rows == 1) return dot_products<T, W<T>>(B, A, {C.data, C.columns, 1, 1});
  dot_products<T, (W<T> >= 16 ? 4 : 2)>(A, B, C);
}

}  // namespace
}  // namespace tubal::TUBAL_KERNELS_NAMESPACE
