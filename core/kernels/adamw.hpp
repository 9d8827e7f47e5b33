// AdamW on an array.
#pragma once
#include "core/kernels/pack.hpp"

namespace tubal::TUBAL_KERNELS_NAMESPACE {
namespace {

template <class T>
void adamw(T* w, T* m, T* v, const T* g, std::size_t n, const AdamWStep<T>& a) {
  const Pack<T> b1(a.beta1), c1(T(1) - a.beta1), b2(a.beta2), c2(T(1) - a.beta2), decay(a.decay),
      size(a.step_size), root(a.root_bias2), eps(a.eps), clip(a.clip);
  each<T>(n, [&](std::size_t i, std::size_t, auto load, auto store) {
    const Pack<T> x = load(g + i) * clip;
    const Pack<T> first = xsimd::fma(load(m + i), b1, x * c1),
                  second = xsimd::fma(load(v + i), b2, x * x * c2);
    store(m + i, first);
    store(v + i, second);
    store(w + i, load(w + i) * decay - size * first / xsimd::fma(xsimd::sqrt(second), root, eps));
  });
}
template <class T>
void adamw_no_gradient(T* w, T* m, T* v, std::size_t n, const AdamWStep<T>& a) {
  const Pack<T> b1(a.beta1), b2(a.beta2), decay(a.decay), size(a.step_size), root(a.root_bias2), eps(a.eps);
  each<T>(n, [&](std::size_t i, std::size_t, auto load, auto store) {
    const Pack<T> first = load(m + i) * b1, second = load(v + i) * b2;
    store(m + i, first);
    store(v + i, second);
    store(w + i, load(w + i) * decay - size * first / xsimd::fma(xsimd::sqrt(second), root, eps));
  });
}

}  // namespace
}  // namespace tubal::TUBAL_KERNELS_NAMESPACE
