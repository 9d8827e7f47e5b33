// The kernels themselves, included once for each instruction set (kernels_base.cpp, kernels_avx512.cpp) into
// a namespace of its own. Nothing here may be an inline function shared between the two: the linker would
// keep one.
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

// ---- tubes
// ------------------------------------------------------------------------------------------------------

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

// ---- rows
// -------------------------------------------------------------------------------------------------------

template <class T>
void fill_rows(const T* bias, T* y, std::size_t rows, std::size_t n, std::size_t ld) {
  for (std::size_t t = 0; t < rows; ++t) std::memcpy(y + t * ld, bias, n * sizeof(T));
}

template <class T>
void column_sum(const T* y, T* total, std::size_t rows, std::size_t n, std::size_t ld) {
  each<T>(n, [&](std::size_t i, std::size_t, auto load, auto store) {
    Pack<T> a(T(0)), b(T(0)), c(T(0)), e(T(0));
    const T* r = y + i;
    std::size_t t = 0;
    for (; t + 4 <= rows; t += 4, r += 4 * ld)
      a += load(r), b += load(r + ld), c += load(r + 2 * ld), e += load(r + 3 * ld);
    for (; t < rows; ++t, r += ld) a += load(r);
    store(total + i, load(total + i) + ((a + b) + (c + e)));
  });
}

template <class T>
void add(const T* x, T* y, std::size_t n) {
  each<T>(
      n, [&](std::size_t i, std::size_t, auto load, auto store) { store(y + i, load(y + i) + load(x + i)); });
}

// Packs of T over runs of 4096 elements, the runs in double: error below 1e-6 relative in float.
template <class T>
double sum_of_squares(const T* x, std::size_t n) {
  double total = 0;
  for (std::size_t begin = 0; begin < n; begin += 4096) {
    Pack<T> s(T(0));
    each<T>(n - begin < 4096 ? n - begin : 4096, [&](std::size_t i, std::size_t, auto load, auto) {
      const Pack<T> v = load(x + begin + i);
      s = xsimd::fma(v, v, s);
    });
    total += static_cast<double>(sum(s));
  }
  return total;
}

template <class T>
void scale_rows(T* x, const T* factor, std::size_t rows, std::size_t n, std::size_t ld) {
  for (std::size_t t = 0; t < rows; ++t, x += ld)
    each<T>(n, [&](std::size_t i, std::size_t, auto load, auto store) {
      store(x + i, load(x + i) * Pack<T>(factor[t]));
    });
}

template <class T>
void row_dots(const T* a, std::size_t lda, const T* b, std::size_t ldb, T* out, std::size_t rows,
              std::size_t n) {
  for (std::size_t t = 0; t < rows; ++t, a += lda, b += ldb) {
    Pack<T> s(T(0));
    each<T>(
        n, [&](std::size_t i, std::size_t, auto load, auto) { s = xsimd::fma(load(a + i), load(b + i), s); });
    out[t] = sum(s);
  }
}

// ---- activations
// ------------------------------------------------------------------------------------------------

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

// ---- normalisation
// ----------------------------------------------------------------------------------------------

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
      rstd[s] = T(1) / std::sqrt(sum(squares) / static_cast<T>(w) + T(1e-5));
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

template <class T>
void affine(const T* n, const T* gain, const T* bias, T* y, std::size_t rows, std::size_t d) {
  for (std::size_t t = 0; t < rows; ++t, n += d, y += d)
    each<T>(d, [&](std::size_t i, std::size_t, auto load, auto store) {
      store(y + i, xsimd::fma(load(n + i), load(gain + i), load(bias + i)));
    });
}

// ---- dropout
// ----------------------------------------------------------------------------------------------------

// 128 elements of a row: 16 Philox blocks side by side, each word giving two 16-bit numbers.
void keep_unit(std::uint8_t* keep, std::uint64_t key, std::uint64_t stream, std::uint64_t row,
               std::uint32_t unit, std::uint32_t threshold) {
  std::uint32_t c0[16], c1[16], c2[16], c3[16];
  for (std::uint32_t i = 0; i < 16; ++i) {
    c0[i] = unit * 16 + i;
    c1[i] = static_cast<std::uint32_t>(row);
    c2[i] = static_cast<std::uint32_t>(stream);
    c3[i] = static_cast<std::uint32_t>(stream >> 32);
  }
  std::uint32_t k0 = static_cast<std::uint32_t>(key), k1 = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < 10; ++round, k0 += 0x9E3779B9u, k1 += 0xBB67AE85u)
#pragma omp simd
    for (int i = 0; i < 16; ++i) {
      const std::uint64_t a = std::uint64_t{0xD2511F53u} * c0[i], b = std::uint64_t{0xCD9E8D57u} * c2[i];
      c0[i] = static_cast<std::uint32_t>(b >> 32) ^ c1[i] ^ k0;
      c1[i] = static_cast<std::uint32_t>(b);
      c2[i] = static_cast<std::uint32_t>(a >> 32) ^ c3[i] ^ k1;
      c3[i] = static_cast<std::uint32_t>(a);
    }
  const std::uint32_t* words[4] = {c0, c1, c2, c3};
  for (int w = 0; w < 4; ++w)
#pragma omp simd
    for (int i = 0; i < 16; ++i) {
      keep[w * 32 + i] = (words[w][i] & 0xffffu) >= threshold;
      keep[w * 32 + 16 + i] = (words[w][i] >> 16) >= threshold;
    }
}

template <class T>
void dropout_backward(const T* x, const std::uint8_t* keep, T* y, std::size_t n, T scale) {
#pragma omp simd
  for (std::size_t i = 0; i < n; ++i) y[i] = keep[i] ? x[i] * scale : T(0);
}

template <class T>
void dropout(T* x, std::uint8_t* keep, std::size_t rows, std::size_t d, std::uint64_t key,
             std::uint64_t stream, std::uint64_t row0, std::uint32_t threshold, T scale) {
  for (std::size_t t = 0; t < rows; ++t) {
    std::uint8_t* k = keep + t * d;
    std::size_t i = 0;
    for (; i + 128 <= d; i += 128)
      keep_unit(k + i, key, stream, row0 + t, static_cast<std::uint32_t>(i / 128), threshold);
    if (i < d) {
      std::uint8_t unit[128];
      keep_unit(unit, key, stream, row0 + t, static_cast<std::uint32_t>(i / 128), threshold);
      std::memcpy(k + i, unit, d - i);
    }
  }
  dropout_backward(x, keep, x, rows * d, scale);
}

// ---- softmax
// ----------------------------------------------------------------------------------------------------

template <class T>
void softmax(T* s, std::size_t rows, std::size_t n, T scale, T* inverse_sum, T* log_sum_exp) {
  for (std::size_t t = 0; t < rows; ++t, s += n) {
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
                      T scale) {
  const Pack<T> factor(scale);
  for (std::size_t t = 0; t < rows; ++t, s += n, dP += n) {
    const Pack<T> shift(log_sum_exp[t]), delta(D[t]);
    each<T>(n, [&](std::size_t i, std::size_t, auto load, auto store) {
      const Pack<T> P = xsimd::exp(xsimd::fma(load(s + i), factor, -shift));
      store(s + i, P);
      store(dP + i, P * (load(dP + i) - delta) * factor);
    });
  }
}

// ---- AdamW
// ------------------------------------------------------------------------------------------------------

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

template <class T>
constexpr Kernels<T> table = {tube<T>,
                              tube_gradient<T>,
                              fill_rows<T>,
                              column_sum<T>,
                              add<T>,
                              sum_of_squares<T>,
                              gelu<T>,
                              gelu_backward<T>,
                              relu<T>,
                              relu_backward<T>,
                              norm<T>,
                              norm_backward<T>,
                              affine<T>,
                              dropout<T>,
                              dropout_backward<T>,
                              softmax<T>,
                              softmax_backward<T>,
                              scale_rows<T>,
                              row_dots<T>,
                              adamw<T>,
                              adamw_no_gradient<T>};

}  // namespace

const Kernels<float>& float_kernels() { return table<float>; }
const Kernels<double>& double_kernels() { return table<double>; }

}  // namespace tubal::TUBAL_KERNELS_NAMESPACE
