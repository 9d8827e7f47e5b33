// Activations and back, alone and as gates: act(h), and act(h) * up.
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

// Each: act(x), and on the way g *= act'(x) where g is given.
struct Gelu {  // x Phi(x); Phi + x phi
  template <class T>
  static Pack<T> value(const Pack<T>& x, Pack<T>* g = nullptr) {
    Pack<T> Phi, phi;
    normal(x, Phi, phi);
    if (g) *g = *g * xsimd::fma(x, phi, Phi);
    return x * Phi;
  }
};
struct Relu {
  template <class T>
  static Pack<T> value(const Pack<T>& x, Pack<T>* g = nullptr) {
    const Pack<T> zero(T(0));
    if (g) *g = xsimd::select(x > zero, *g, zero);
    return xsimd::select(x < zero, zero, x);
  }
};
// x s, s = 1 / (1 + exp(-x)); s (1 + x (1 - s)). From exp(-|x|), so that nothing overflows and 1 - s loses
// nothing where s is nearly 1.
struct Silu {
  template <class T>
  static Pack<T> value(const Pack<T>& x, Pack<T>* g = nullptr) {
    const Pack<T> one(T(1)), e = xsimd::exp(-xsimd::abs(x)), large = one / (one + e), small = e * large;
    const auto negative = x < Pack<T>(T(0));
    const Pack<T> s = xsimd::select(negative, small, large), rest = xsimd::select(negative, large, small);
    if (g) *g = *g * s * xsimd::fma(x, rest, one);
    return x * s;
  }
};

template <class Act, class T>
void activate(const T* h, T* g, std::size_t n) {
  each<T>(n, [&](std::size_t i, std::size_t, auto load, auto store) {
    store(g + i, Act::template value<T>(load(h + i)));
  });
}
template <class Act, class T>
void activate_backward(const T* h, T* g, T* dh, std::size_t n) {
  each<T>(n, [&](std::size_t i, std::size_t, auto load, auto store) {
    Pack<T> slope = load(dh + i);
    store(g + i, Act::template value<T>(load(h + i), &slope));
    store(dh + i, slope);
  });
}

template <class Act, class T>
void gate(MatrixView<const T> h, MatrixView<const T> up, MatrixView<T> y) {
  for (std::size_t t = 0; t < y.rows; ++t) {
    const T *a = h.data + t * h.stride, *b = up.data + t * up.stride;
    T* out = y.data + t * y.stride;
    each<T>(y.columns, [&](std::size_t i, std::size_t, auto load, auto store) {
      store(out + i, Act::template value<T>(load(a + i)) * load(b + i));
    });
  }
}
// y = act(h) up: dh = dy up act'(h), dup = dy act(h).
template <class Act, class T>
void gate_backward(MatrixView<const T> h, MatrixView<const T> up, MatrixView<const T> dy, MatrixView<T> y,
                   MatrixView<T> dh, MatrixView<T> dup) {
  for (std::size_t t = 0; t < y.rows; ++t) {
    const T *a = h.data + t * h.stride, *b = up.data + t * up.stride, *g = dy.data + t * dy.stride;
    T *out = y.data + t * y.stride, *da = dh.data + t * dh.stride, *db = dup.data + t * dup.stride;
    each<T>(y.columns, [&](std::size_t i, std::size_t, auto load, auto store) {
      const Pack<T> u = load(b + i), d = load(g + i);
      Pack<T> slope = d * u;
      const Pack<T> value = Act::template value<T>(load(a + i), &slope);
      store(out + i, value * u);
      store(da + i, slope);
      store(db + i, d * value);
    });
  }
}

}  // namespace
}  // namespace tubal::TUBAL_KERNELS_NAMESPACE
