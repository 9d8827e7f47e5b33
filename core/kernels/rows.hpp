// Sums, dot products and scalings of rows.
#pragma once
#include "core/kernels/pack.hpp"

namespace tubal::TUBAL_KERNELS_NAMESPACE {
namespace {

template <class T>
void fill_rows(const T* bias, T* y, std::size_t rows, std::size_t n, std::size_t ld) {
  for (std::size_t t = 0; t < rows; ++t) std::memcpy(y + t * ld, bias, n * sizeof(T));
}

template <class T>
void column_sum(const T* y, T* total, std::size_t rows, std::size_t n, std::size_t ld) {
  each<T>(n, [&](std::size_t i, std::size_t, auto load, auto store) {
    Pack<T> a(T(0)), b(T(0)), c(T(0)), e(T(0));
    const T* r = y + i;
    std::size_t t = 0;
    for (; t + 4 <= rows; t += 4, r += 4 * ld)
      a += load(r), b += load(r + ld), c += load(r + 2 * ld), e += load(r + 3 * ld);
    for (; t < rows; ++t, r += ld) a += load(r);
    store(total + i, load(total + i) + ((a + b) + (c + e)));
  });
}

template <class T>
void add(const T* x, T* y, std::size_t n) {
  each<T>(
      n, [&](std::size_t i, std::size_t, auto load, auto store) { store(y + i, load(y + i) + load(x + i)); });
}

// Packs of T over runs of 4096 elements, the runs in double: error below 1e-6 relative in float.
template <class T>
double sum_of_squares(const T* x, std::size_t n) {
  double total = 0;
  for (std::size_t begin = 0; begin < n; begin += 4096) {
    Pack<T> s(T(0));
    each<T>(n - begin < 4096 ? n - begin : 4096, [&](std::size_t i, std::size_t, auto load, auto) {
      const Pack<T> v = load(x + begin + i);
      s = xsimd::fma(v, v, s);
    });
    total += static_cast<double>(sum(s));
  }
  return total;
}

template <class T>
void scale_rows(T* x, const T* factor, std::size_t rows, std::size_t n, std::size_t ld) {
  for (std::size_t t = 0; t < rows; ++t, x += ld)
    each<T>(n, [&](std::size_t i, std::size_t, auto load, auto store) {
      store(x + i, load(x + i) * Pack<T>(factor[t]));
    });
}

template <class T>
void row_dots(const T* a, std::size_t lda, const T* b, std::size_t ldb, T* out, std::size_t rows,
              std::size_t n) {
  for (std::size_t t = 0; t < rows; ++t, a += lda, b += ldb) {
    Pack<T> s(T(0));
    each<T>(
        n, [&](std::size_t i, std::size_t, auto load, auto) { s = xsimd::fma(load(a + i), load(b + i), s); });
    out[t] = sum(s);
  }
}

}  // namespace
}  // namespace tubal::TUBAL_KERNELS_NAMESPACE
