// Random numbers, many at a time: dropout and normal values.
#pragma once
#include "core/kernels/pack.hpp"

namespace tubal::TUBAL_KERNELS_NAMESPACE {
namespace {

// Philox4x32-10 (core/random.hpp) on 16 counters side by side, in place.
struct Philox16 {
  std::uint32_t c0[16], c1[16], c2[16], c3[16];

  void block(std::uint64_t key) {
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
  }
};

// 128 elements of a row: 16 blocks, each word giving two 16-bit numbers.
void keep_unit(std::uint8_t* keep, std::uint64_t key, std::uint64_t stream, std::uint64_t row,
               std::uint32_t unit, std::uint32_t threshold) {
  Philox16 r;
  for (std::uint32_t i = 0; i < 16; ++i) {
    r.c0[i] = unit * 16 + i;
    r.c1[i] = static_cast<std::uint32_t>(row);
    r.c2[i] = static_cast<std::uint32_t>(stream);
    r.c3[i] = static_cast<std::uint32_t>(stream >> 32);
  }
  r.block(key);
  const std::uint32_t* words[4] = {r.c0, r.c1, r.c2, r.c3};
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

// Box-Muller as RandomStream::normal has it, 16 values at a time; logarithm and cosine within 2 ulp of its.
template <class T>
void normals(T* x, std::size_t n, double scale, std::uint64_t key, std::uint64_t stream,
             std::uint64_t first) {
  using Double = Pack<double>;
  for (std::size_t begin = 0; begin < n; begin += 16) {
    Philox16 r;
    for (std::uint64_t i = 0; i < 16; ++i) {
      r.c0[i] = static_cast<std::uint32_t>(first + begin + i);
      r.c1[i] = static_cast<std::uint32_t>((first + begin + i) >> 32);
      r.c2[i] = static_cast<std::uint32_t>(stream);
      r.c3[i] = static_cast<std::uint32_t>(stream >> 32);
    }
    r.block(key);
    double u[16], v[16];  // 53 bits each, u in (0, 1), v in [0, 1)
    for (int i = 0; i < 16; ++i) {
      u[i] = (r.c0[i] * 0x1p21 + (r.c1[i] >> 11) + 0.5) * 0x1p-53;
      v[i] = (r.c2[i] * 0x1p21 + (r.c3[i] >> 11)) * 0x1p-53;
    }
    for (std::size_t i = 0; i < 16; i += W<double>) {
      const Double radius = xsimd::sqrt(Double(-2.) * xsimd::log(load(u + i)));
      store(u + i, Double(scale) * (radius * xsimd::cos(Double(2 * 3.14159265358979323846) * load(v + i))));
    }
    for (std::size_t i = 0; i < 16 && begin + i < n; ++i) x[begin + i] = static_cast<T>(u[i]);
  }
}

}  // namespace
}  // namespace tubal::TUBAL_KERNELS_NAMESPACE
