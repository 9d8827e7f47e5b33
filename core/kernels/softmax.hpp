// Softmax over rows, and back.
#pragma once
#include "core/kernels/pack.hpp"

namespace tubal::TUBAL_KERNELS_NAMESPACE {
namespace {

template <class T>
T largest_of(const T* s, std::size_t n) {
  Pack<T> top(s[0]);
  std::size_t i = 0;
  for (; i + W<T> <= n; i += W<T>) top = xsimd::max(top, load(s + i));
  T most = largest(top);
  for (; i < n; ++i) most = s[i] > most ? s[i] : most;
  return most;
}

template <class T>
void softmax(MatrixView<T> S, T scale, T* inverse_sum, T* log_sum_exp) {
  const std::size_t n = S.columns;
  T* s = S.data;
  for (std::size_t t = 0; t < S.rows; ++t, s += S.stride) {
    const T most = largest_of(s, n);
    const Pack<T> shift(scale * most), factor(scale);
    Pack<T> total(T(0));
    std::size_t i = 0;
    for (; i + W<T> <= n; i += W<T>) {
      const Pack<T> e = xsimd::exp(xsimd::fma(load(s + i), factor, -shift));
      total += e;
      store(s + i, e);
    }
    T rest = 0;
    if (i < n) {
      T part[W<T>];
      store(part, xsimd::exp(xsimd::fma(load_part(s + i, n - i), factor, -shift)));
      for (std::size_t j = 0; i + j < n; ++j) {
        s[i + j] = part[j];
        rest += part[j];
      }
    }
    const T all = sum(total) + rest;
    inverse_sum[t] = T(1) / all;
    log_sum_exp[t] = scale * most + std::log(all);
  }
}

template <class T>
void softmax_backward(MatrixView<T> S, MatrixView<T> gradient, const T* log_sum_exp, const T* D, T scale) {
  const Pack<T> factor(scale);
  T *s = S.data, *dP = gradient.data;
  for (std::size_t t = 0; t < S.rows; ++t, s += S.stride, dP += gradient.stride) {
    const Pack<T> shift(log_sum_exp[t]), delta(D[t]);
    each<T>(S.columns, [&](std::size_t i, std::size_t, auto load, auto store) {
      const Pack<T> P = xsimd::exp(xsimd::fma(load(s + i), factor, -shift));
      store(s + i, P);
      store(dP + i, P * (load(dP + i) - delta) * factor);
    });
  }
}

}  // namespace
}  // namespace tubal::TUBAL_KERNELS_NAMESPACE
