// Softmax over rows, and back; cross-entropy with its gradient.
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
void softmax(T* s, std::size_t rows, std::size_t n, std::size_t ld, T scale, T* inverse_sum, T* log_sum_exp) {
  for (std::size_t t = 0; t < rows; ++t, s += ld) {
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

// loss = log(sum exp s) - s[target]; d loss / d s = softmax(s) - [target].
template <class T>
void cross_entropy(MatrixView<T> s, const std::int32_t* target, double* loss, T share) {
  for (std::size_t t = 0; t < s.rows; ++t) {
    T* row = s.data + t * s.stride;
    const T most = largest_of(row, s.columns), own = row[target[t]];
    const Pack<T> shift(most);
    T total = 0;
    std::size_t i = 0;
    Pack<T> packs(T(0));
    for (; i + W<T> <= s.columns; i += W<T>) {
      const Pack<T> e = xsimd::exp(load(row + i) - shift);
      packs += e;
      store(row + i, e);
    }
    if (const std::size_t rest = s.columns - i) {
      T part[W<T>];
      store(part, xsimd::exp(load_part(row + i, rest) - shift));
      for (std::size_t j = 0; j < rest; ++j) row[i + j] = part[j], total += part[j];
    }
    total += sum(packs);
    loss[t] = std::log(static_cast<double>(total)) + (static_cast<double>(most) - static_cast<double>(own));
    const Pack<T> factor(share / total);
    each<T>(s.columns, [&](std::size_t j, std::size_t, auto load, auto store) {
      store(row + j, load(row + j) * factor);
    });
    row[target[t]] -= share;
  }
}

}  // namespace
}  // namespace tubal::TUBAL_KERNELS_NAMESPACE
