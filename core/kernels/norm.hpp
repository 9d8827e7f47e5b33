// LayerNorm and RMSNorm over segments of a row, and back.
#pragma once
#include "core/kernels/pack.hpp"

namespace tubal::TUBAL_KERNELS_NAMESPACE {
namespace {

// 1 / sqrt(square + 1e-5). NaN where the square is beyond T: a norm by 1 / infinity = 0 would hide that.
template <class T>
T inverse_root(T square) {
  return T(1) / std::sqrt(square + T(1e-5)) + T(0) * square;
}

template <class T>
void norm(const T* x, T* n, T* y, T* rstd, const T* gain, const T* bias, std::size_t rows, std::size_t d,
          const std::size_t* begin, std::size_t segments) {
  for (std::size_t t = 0; t < rows; ++t, x += d, n += d, y += d, rstd += segments)
    for (std::size_t s = 0; s < segments; ++s) {
      const std::size_t b = begin[s], w = begin[s + 1] - b;
      Pack<T> total(T(0)), squares(T(0));
      each<T>(w, [&](std::size_t i, std::size_t, auto load, auto) { total += load(x + b + i); });
      const Pack<T> mean(sum(total) / static_cast<T>(w));
      each<T>(w, [&](std::size_t i, std::size_t count, auto load, auto) {
        Pack<T> c = load(x + b + i) - mean;
        if (count < W<T>) {  // the zeros behind a partial pack are no data
          T part[W<T>] = {};
          store_part(part, c, count);
          c = xsimd::batch<T>::load_unaligned(part);
        }
        squares = xsimd::fma(c, c, squares);
      });
      rstd[s] = inverse_root(sum(squares) / static_cast<T>(w));
      const Pack<T> r(rstd[s]);
      each<T>(w, [&](std::size_t i, std::size_t, auto load, auto store) {
        const Pack<T> v = (load(x + b + i) - mean) * r;
        store(n + b + i, v);
        store(y + b + i, xsimd::fma(v, load(gain + b + i), load(bias + b + i)));
      });
    }
}

template <class T>
void norm_backward(const T* dy, const T* n, const T* rstd, const T* gain, T* dx, T* dgain, T* dbias,
                   std::size_t rows, std::size_t d, const std::size_t* begin, std::size_t segments) {
  for (std::size_t t = 0; t < rows; ++t, dy += d, n += d, dx += d, rstd += segments)
    for (std::size_t s = 0; s < segments; ++s) {
      const std::size_t b = begin[s], w = begin[s + 1] - b;
      Pack<T> first(T(0)), second(T(0));
      each<T>(w, [&](std::size_t i, std::size_t, auto load, auto store) {
        const Pack<T> g = load(dy + b + i), v = load(n + b + i), dn = g * load(gain + b + i);
        first += dn;
        second = xsimd::fma(dn, v, second);
        store(dgain + b + i, xsimd::fma(g, v, load(dgain + b + i)));
        store(dbias + b + i, load(dbias + b + i) + g);
      });
      const Pack<T> mean(sum(first) / static_cast<T>(w)), slope(sum(second) / static_cast<T>(w)), r(rstd[s]);
      each<T>(w, [&](std::size_t i, std::size_t, auto load, auto store) {
        const Pack<T> dn = load(dy + b + i) * load(gain + b + i);
        store(dx + b + i, r * (dn - mean - load(n + b + i) * slope));
      });
    }
}

// n = x / sqrt(mean(x^2) + 1e-5), y = n gain.
template <class T>
void rms_norm(const T* x, T* n, T* y, T* rstd, const T* gain, std::size_t rows, std::size_t d,
              const std::size_t* begin, std::size_t segments) {
  for (std::size_t t = 0; t < rows; ++t, x += d, n += d, y += d, rstd += segments)
    for (std::size_t s = 0; s < segments; ++s) {
      const std::size_t b = begin[s], w = begin[s + 1] - b;
      Pack<T> squares(T(0));
      each<T>(w, [&](std::size_t i, std::size_t, auto load, auto) {
        const Pack<T> v = load(x + b + i);
        squares = xsimd::fma(v, v, squares);
      });
      rstd[s] = inverse_root(sum(squares) / static_cast<T>(w));
      const Pack<T> r(rstd[s]);
      each<T>(w, [&](std::size_t i, std::size_t, auto load, auto store) {
        const Pack<T> v = load(x + b + i) * r;
        store(n + b + i, v);
        store(y + b + i, v * load(gain + b + i));
      });
    }
}

// dx = rstd (dn - n mean(dn n)), dn = dy gain.
template <class T>
void rms_norm_backward(const T* dy, const T* n, const T* rstd, const T* gain, T* dx, T* dgain,
                       std::size_t rows, std::size_t d, const std::size_t* begin, std::size_t segments) {
  for (std::size_t t = 0; t < rows; ++t, dy += d, n += d, dx += d, rstd += segments)
    for (std::size_t s = 0; s < segments; ++s) {
      const std::size_t b = begin[s], w = begin[s + 1] - b;
      Pack<T> total(T(0));
      each<T>(w, [&](std::size_t i, std::size_t, auto load, auto store) {
        const Pack<T> gn = load(dy + b + i) * load(n + b + i);
        total = xsimd::fma(gn, load(gain + b + i), total);
        store(dgain + b + i, load(dgain + b + i) + gn);
      });
      const Pack<T> slope(sum(total) / static_cast<T>(w)), r(rstd[s]);
      each<T>(w, [&](std::size_t i, std::size_t, auto load, auto store) {
        const Pack<T> dn = load(dy + b + i) * load(gain + b + i);
        store(dx + b + i, r * (dn - load(n + b + i) * slope));
      });
    }
}

template <class T>
void affine(const T* n, const T* gain, const T* bias, T* y, std::size_t rows, std::size_t d) {
  // Apart: a product that both shared would be rounded before the sum (xsimd 8.1 has no fma for AVX-512 but
  // the compiler's).
  for (std::size_t t = 0; t < rows; ++t, n += d, y += d)
    if (bias)
      each<T>(d, [&](std::size_t i, std::size_t, auto load, auto store) {
        store(y + i, xsimd::fma(load(n + i), load(gain + i), load(bias + i)));
      });
    else
      each<T>(d, [&](std::size_t i, std::size_t, auto load, auto store) {
        store(y + i, load(n + i) * load(gain + i));
      });
}

}  // namespace
}  // namespace tubal::TUBAL_KERNELS_NAMESPACE
