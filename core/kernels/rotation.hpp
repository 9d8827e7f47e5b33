// Plane rotations of the two halves of blocks of a row: rotary positions, and back.
#pragma once
#include "core/kernels/pack.hpp"

namespace tubal::TUBAL_KERNELS_NAMESPACE {
namespace {

// Coordinates j .. j+N-1 of every block of one row:
// blocks are often narrower than a pack, so N goes down to 1.
template <class T, std::size_t N>
void rotate_columns(const T* cosine, const T* sine, T sign, T* x, std::size_t blocks, std::size_t half) {
  using V [[gnu::vector_size(N * sizeof(T))]] = T;
  V c, s;
  std::memcpy(&c, cosine, sizeof c);
  std::memcpy(&s, sine, sizeof s);
  s *= sign;
  for (std::size_t b = 0; b < blocks; ++b, x += 2 * half) {
    V u, v;
    std::memcpy(&u, x, sizeof u);
    std::memcpy(&v, x + half, sizeof v);
    const V a = u * c - v * s, d = u * s + v * c;
    std::memcpy(x, &a, sizeof a);
    std::memcpy(x + half, &d, sizeof d);
  }
}

template <class T>
void rotate(MatrixView<T> x, std::size_t half, MatrixView<const T> cosine, MatrixView<const T> sine,
            bool back) {
  const std::size_t blocks = x.columns / (2 * half);
  for (std::size_t t = 0; t < x.rows; ++t) {
    const T *c = cosine.data + t * cosine.stride, *s = sine.data + t * sine.stride,
            sign = back ? T(-1) : T(1);
    T* row = x.data + t * x.stride;
    std::size_t j = 0;
    for (; j + W<T> <= half; j += W<T>) rotate_columns<T, W<T>>(c + j, s + j, sign, row + j, blocks, half);
    for (; j + 4 <= half; j += 4) rotate_columns<T, 4>(c + j, s + j, sign, row + j, blocks, half);
    for (; j + 2 <= half; j += 2) rotate_columns<T, 2>(c + j, s + j, sign, row + j, blocks, half);
    for (; j < half; ++j) rotate_columns<T, 1>(c + j, s + j, sign, row + j, blocks, half);
  }
}

}  // namespace
}  // namespace tubal::TUBAL_KERNELS_NAMESPACE
