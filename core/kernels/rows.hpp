// Sums, dot products and scalings of rows.
#pragma once
#include "core/kernels/pack.hpp"

namespace tubal::TUBAL_KERNELS_NAMESPACE {
namespace {

template <class T>
void fill_rows(const T* bias, MatrixView<T> y) {
  for (std::size_t t = 0; t < y.rows; ++t) std::memcpy(y.data + t * y.stride, bias, y.columns * sizeof(T));
}

template <class T>
void column_sum(MatrixView<const T> y, T* total) {
  const std::size_t rows = y.rows, ld = y.stride;
  each<T>(y.columns, [&](std::size_t i, std::size_t, auto load, auto store) {
    Pack<T> a(T(0)), b(T(0)), c(T(0)), e(T(0));
    const T* r = y.data + i;
    std::size_t t = 0;
    for (; t + 4 <= rows; t += 4, r += 4 * ld) {
      a += load(r);
      b += load(r + ld);
      c += load(r + 2 * ld);
      e += load(r + 3 * ld);
    }
    for (; t < rows; ++t, r += ld) a += load(r);
    store(total + i, load(total + i) + ((a + b) + (c + e)));
  });
}

template <class T>
void add(const T* x, T* y, std::size_t n) {
  each<T>(
      n, [&](std::size_t i, std::size_t, auto load, auto store) { store(y + i, load(y + i) + load(x + i)); });
}

// Packs of T over runs of 4096 elements (1024 packs at most: the error grows with their number), the runs in
// double: error below 1e-6 relative in float.
template <class T>
double sum_of_squares(const T* x, std::size_t n) {
  constexpr std::size_t run = W<T> < 4 ? 1024 * W<T> : 4096;
  double total = 0;
  for (std::size_t begin = 0; begin < n; begin += run) {
    Pack<T> s(T(0));
    each<T>(n - begin < run ? n - begin : run, [&](std::size_t i, std::size_t, auto load, auto) {
      const Pack<T> v = load(x + begin + i);
      s = xsimd::fma(v, v, s);
    });
    total += static_cast<double>(sum(s));
  }
  return total;
}

template <class T>
void scale_rows(MatrixView<T> x, const T* factor) {
  T* row = x.data;
  for (std::size_t t = 0; t < x.rows; ++t, row += x.stride)
    each<T>(x.columns, [&](std::size_t i, std::size_t, auto load, auto store) {
      store(row + i, load(row + i) * Pack<T>(factor[t]));
    });
}

template <class T>
void row_dots(MatrixView<const T> A, MatrixView<const T> B, T* out) {
  const T *a = A.data, *b = B.data;
  for (std::size_t t = 0; t < A.rows; ++t, a += A.stride, b += B.stride) {
    Pack<T> s(T(0));
    each<T>(A.columns, [&](std::size_t i, std::size_t, auto load, auto) {
      s = xsimd::fma(load(a + i), load(b + i), s);
    });
    out[t] = sum(s);
  }
}

}  // namespace
}  // namespace tubal::TUBAL_KERNELS_NAMESPACE
