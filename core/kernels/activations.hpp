// GELU and ReLU, and back.
#pragma once
#include "core/kernels/pack.hpp"

namespace tubal::TUBAL_KERNELS_NAMESPACE {
namespace {

// Phi(x) and phi(x), the normal distribution and its density. float: Abramowitz and Stegun 7.1.26, whose
// exponential is the density's; absolute error of Phi 7.5e-8.
inline void normal(const Pack<float>& x, Pack<float>& Phi, Pack<float>& phi) {
  const Pack<float> z = xsimd::abs(x) * Pack<float>(0.70710678f);
  const Pack<float> t = Pack<float>(1.f) / xsimd::fma(z, Pack<float>(0.3275911f), Pack<float>(1.f));
  const Pack<float> e = xsimd::exp(Pack<float>(-0.5f) * x * x);
  Pack<float> q = xsimd::fma(Pack<float>(1.061405429f), t, Pack<float>(-1.453152027f));
  q = xsimd::fma(q, t, Pack<float>(1.421413741f));
  q = xsimd::fma(q, t, Pack<float>(-0.284496736f));
  q = xsimd::fma(q, t, Pack<float>(0.254829592f));
  q = q * t * e * Pack<float>(0.5f);
  Phi = xsimd::select(x < Pack<float>(0.f), q, Pack<float>(1.f) - q);
  phi = e * Pack<float>(0.39894228f);
}
inline void normal(const Pack<double>& x, Pack<double>& Phi, Pack<double>& phi) {
  Phi = Pack<double>(0.5) * xsimd::erfc(x * Pack<double>(-0.70710678118654752440));
  phi = xsimd::exp(Pack<double>(-0.5) * x * x) * Pack<double>(0.39894228040143267794);
}

template <class T>
void gelu(const T* h, T* g, std::size_t n) {
  each<T>(n, [&](std::size_t i, std::size_t, auto load, auto store) {
    Pack<T> x = load(h + i), Phi, phi;
    normal(x, Phi, phi);
    store(g + i, x * Phi);
  });
}
template <class T>
void gelu_backward(const T* h, T* g, T* dh, std::size_t n) {
  each<T>(n, [&](std::size_t i, std::size_t, auto load, auto store) {
    Pack<T> x = load(h + i), Phi, phi;
    normal(x, Phi, phi);
    store(g + i, x * Phi);
    store(dh + i, load(dh + i) * xsimd::fma(x, phi, Phi));
  });
}

template <class T>
void relu(const T* h, T* g, std::size_t n) {
  each<T>(n, [&](std::size_t i, std::size_t, auto load, auto store) {
    const Pack<T> x = load(h + i);
    store(g + i, xsimd::select(x < Pack<T>(T(0)), Pack<T>(T(0)), x));
  });
}
template <class T>
void relu_backward(const T* h, T* g, T* dh, std::size_t n) {
  each<T>(n, [&](std::size_t i, std::size_t, auto load, auto store) {
    const Pack<T> x = load(h + i), zero(T(0));
    store(g + i, xsimd::select(x < zero, zero, x));
    store(dh + i, xsimd::select(x > zero, load(dh + i), zero));
  });
}

}  // namespace
}  // namespace tubal::TUBAL_KERNELS_NAMESPACE
