// Maps along tubes: small dense matrices times many columns.
#pragma once
#include "core/kernels/pack.hpp"

namespace tubal::TUBAL_KERNELS_NAMESPACE {
namespace {

// One pack of columns, all k in blocks of K rows of F so that K sums stay in registers.
template <std::size_t K, class T>
void tube_block(const T* F, std::size_t p, const T* x, T* y, std::size_t m, std::size_t n) {
  Pack<T> s[K];
  for (std::size_t k = 0; k < K; ++k) s[k] = Pack<T>(T(0));
  for (std::size_t l = 0; l < p; ++l) {
    const Pack<T> v = n == W<T> ? load(x + l * m) : load_part(x + l * m, n);
    for (std::size_t k = 0; k < K; ++k) s[k] = xsimd::fma(Pack<T>(F[k * p + l]), v, s[k]);
  }
  for (std::size_t k = 0; k < K; ++k)
    if (n == W<T>)
      store(y + k * m, s[k]);
    else
      store_part(y + k * m, s[k], n);
}

template <class T>
void tube(const T* F, std::size_t p, const T* x, T* y, std::size_t rows, std::size_t m) {
  for (std::size_t t = 0; t < rows; ++t, x += p * m, y += p * m)
    for (std::size_t i = 0; i < m; i += W<T>) {
      const std::size_t n = m - i < W<T> ? m - i : W<T>;
      std::size_t k = 0;
      for (; k + 8 <= p; k += 8) tube_block<8>(F + k * p, p, x + i, y + k * m + i, m, n);
      if (k + 4 <= p) tube_block<4>(F + k * p, p, x + i, y + k * m + i, m, n), k += 4;
      if (k + 2 <= p) tube_block<2>(F + k * p, p, x + i, y + k * m + i, m, n), k += 2;
      if (k < p) tube_block<1>(F + k * p, p, x + i, y + k * m + i, m, n);
    }
}

template <class T>
void tube_gradient(const T* dy, const T* x, double* dF, std::size_t p, std::size_t rows, std::size_t m) {
  for (std::size_t t = 0; t < rows; ++t, x += p * m, dy += p * m)
    for (std::size_t k = 0; k < p; ++k)
      for (std::size_t l = 0; l < p; ++l) {
        Pack<T> s(T(0));
        each<T>(m, [&](std::size_t i, std::size_t, auto load, auto) {
          s = xsimd::fma(load(dy + k * m + i), load(x + l * m + i), s);
        });
        dF[k * p + l] += static_cast<double>(sum(s));
      }
}

}  // namespace
}  // namespace tubal::TUBAL_KERNELS_NAMESPACE
