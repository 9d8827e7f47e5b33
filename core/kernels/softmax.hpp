// Softmax over rows, and back.
#pragma once
#include "core/kernels/pack.hpp"

namespace tubal::TUBAL_KERNELS_NAMESPACE {
namespace {

template <class T>
void softmax(T* s, std::size_t rows, std::size_t n, std::size_t ld, T scale, T* inverse_sum, T* log_sum_exp) {
  for (std::size_t t = 0; t < rows; ++t, s += ld) {
    Pack<T> top(s[0]);
    std::size_t i = 0;
    for (; i + W<T> <= n; i += W<T>) top = xsimd::max(top, load(s + i));
    T most = largest(top);
    for (; i < n; ++i) most = s[i] > most ? s[i] : most;
    const Pack<T> shift(scale * most), factor(scale);
    Pack<T> total(T(0));
    for (i = 0; i + W<T> <= n; i += W<T>) {
      const Pack<T> e = xsimd::exp(xsimd::fma(load(s + i), factor, -shift));
      total += e;
      store(s + i, e);
    }
    T rest = 0;
    if (i < n) {
      T part[W<T>];
      store(part, xsimd::exp(xsimd::fma(load_part(s + i, n - i), factor, -shift)));
      for (std::size_t j = 0; i + j < n; ++j) s[i + j] = part[j], rest += part[j];
    }
    const T all = sum(total) + rest;
    inverse_sum[t] = T(1) / all;
    log_sum_exp[t] = scale * most + std::log(all);
  }
}

template <class T>
void softmax_backward(T* s, T* dP, const T* log_sum_exp, const T* D, std::size_t rows, std::size_t n,
                      std::size_t ld, T scale) {
  const Pack<T> factor(scale);
  for (std::size_t t = 0; t < rows; ++t, s += ld, dP += ld) {
    const Pack<T> shift(log_sum_exp[t]), delta(D[t]);
    each<T>(n, [&](std::size_t i, std::size_t, auto load, auto store) {
      const Pack<T> P = xsimd::exp(xsimd::fma(load(s + i), factor, -shift));
      store(s + i, P);
      store(dP + i, P * (load(dP + i) - delta) * factor);
    });
  }
}

}  // namespace
}  // namespace tubal::TUBAL_KERNELS_NAMESPACE
