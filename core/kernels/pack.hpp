// Packs of numbers in vector registers. This and its neighbours are included once for each instruction set,
// into a namespace of its own, by all.hpp alone. Nothing here may be an inline function shared between the
// two: the linker would keep one.
#pragma once
#include <cmath>
#include <cstring>
#include <xsimd/xsimd.hpp>

#include "core/kernels.hpp"

namespace tubal::TUBAL_KERNELS_NAMESPACE {
namespace {

template <class T>
using Pack = xsimd::batch<T>;
template <class T>
constexpr std::size_t W = Pack<T>::size;

template <class T>
Pack<T> load(const T* x) {
  return Pack<T>::load_unaligned(x);
}
// The first n < W elements, zeros behind.
template <class T>
Pack<T> load_part(const T* x, std::size_t n) {
  T part[W<T>] = {};
  std::memcpy(part, x, n * sizeof(T));
  return load(part);
}
template <class T>
void store(T* y, const Pack<T>& v) {
  v.store_unaligned(y);
}
template <class T>
void store_part(T* y, const Pack<T>& v, std::size_t n) {
  T part[W<T>];
  store(part, v);
  std::memcpy(y, part, n * sizeof(T));
}
#ifdef __AVX512F__
inline Pack<float> load_part(const float* x, std::size_t n) {
  return _mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << n) - 1), x);
}
inline Pack<double> load_part(const double* x, std::size_t n) {
  return _mm512_maskz_loadu_pd(static_cast<__mmask8>((1u << n) - 1), x);
}
inline void store_part(float* y, const Pack<float>& v, std::size_t n) {
  _mm512_mask_storeu_ps(y, static_cast<__mmask16>((1u << n) - 1), v);
}
inline void store_part(double* y, const Pack<double>& v, std::size_t n) {
  _mm512_mask_storeu_pd(y, static_cast<__mmask8>((1u << n) - 1), v);
}
#endif
template <class T>
T sum(const Pack<T>& v) {
  return xsimd::hadd(v);
}
template <class T>
T largest(const Pack<T>& v) {
  T part[W<T>];
  store(part, v);
  T most = part[0];
  for (std::size_t i = 1; i < W<T>; ++i) most = part[i] > most ? part[i] : most;
  return most;
}

// y[i] = f(x[i]...) for i in 0..n-1, packs first, then one partial pack.
template <class T, class F>
void each(std::size_t n, F f) {
  std::size_t i = 0;
  for (; i + W<T> <= n; i += W<T>)
    f(
        i, W<T>, [](const T* x) { return load(x); }, [](T* y, const Pack<T>& v) { store(y, v); });
  if (const std::size_t rest = n - i)
    f(
        i, rest, [rest](const T* x) { return load_part(x, rest); },
        [rest](T* y, const Pack<T>& v) { store_part(y, v, rest); });
}

}  // namespace
}  // namespace tubal::TUBAL_KERNELS_NAMESPACE
