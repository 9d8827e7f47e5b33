// Maps along tubes: small dense matrices times many columns.
#pragma once
#include "core/kernels/pack.hpp"

namespace tubal::TUBAL_KERNELS_NAMESPACE {
namespace {

// J packs of columns (of one, perhaps the first n columns alone), K rows of F: every x[l, :] is loaded once
// for K sums in registers.
template <std::size_t K, std::size_t J, class T>
void tube_block(const T* F, std::size_t p, const T* x, T* y, std::size_t m, std::size_t n) {
  const bool whole = J > 1 || n == W<T>;
  Pack<T> s[K][J];
  for (std::size_t k = 0; k < K; ++k)
    for (std::size_t j = 0; j < J; ++j) s[k][j] = Pack<T>(T(0));
  for (std::size_t l = 0; l < p; ++l) {
    Pack<T> v[J];
    for (std::size_t j = 0; j < J; ++j) v[j] = whole ? load(x + l * m + j * W<T>) : load_part(x + l * m, n);
    for (std::size_t k = 0; k < K; ++k) {
      const Pack<T> f(F[k * p + l]);
      for (std::size_t j = 0; j < J; ++j) s[k][j] = xsimd::fma(f, v[j], s[k][j]);
    }
  }
  for (std::size_t k = 0; k < K; ++k)
    for (std::size_t j = 0; j < J; ++j)
      if (whole)
        store(y + k * m + j * W<T>, s[k][j]);
      else
        store_part(y + k * m, s[k][j], n);
}

// All rows of F: most registers hold sums (32 of them with AVX-512, 16 before).
template <std::size_t J, class T>
void tube_columns(const T* F, std::size_t p, const T* x, T* y, std::size_t m, std::size_t n) {
  constexpr std::size_t K = sizeof(Pack<T>) == 64 || J == 1 ? 8 : 4;
  std::size_t k = 0;
  for (; k + K <= p; k += K) tube_block<K, J>(F + k * p, p, x, y + k * m, m, n);
  if (K > 4 && k + 4 <= p) tube_block<4, J>(F + k * p, p, x, y + k * m, m, n), k += 4;
  if (k + 2 <= p) tube_block<2, J>(F + k * p, p, x, y + k * m, m, n), k += 2;
  if (k < p) tube_block<1, J>(F + k * p, p, x, y + k * m, m, n);
}

template <class T>
void tube(const T* F, std::size_t p, const T* x, T* y, std::size_t rows, std::size_t m) {
  for (std::size_t t = 0; t < rows; ++t, x += p * m, y += p * m) {
    std::size_t i = 0;
    for (; i + 2 * W<T> <= m; i += 2 * W<T>) tube_columns<2>(F, p, x + i, y + i, m, W<T>);
    for (; i < m; i += W<T>) tube_columns<1>(F, p, x + i, y + i, m, m - i < W<T> ? m - i : W<T>);
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
