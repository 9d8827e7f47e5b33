// Maps along tubes that need fewer operations than the p x p product: a tree of plane rotations (Haar) and
// butterflies (Walsh-Hadamard). A few packs of columns go through at a time, their rows in the scratch.
#pragma once
#include "core/kernels/pack.hpp"

namespace tubal::TUBAL_KERNELS_NAMESPACE {
namespace {

// Columns of one token: J whole packs, or the first `part` of one.
template <class T, std::size_t J>
struct Columns {
  std::size_t part;
  Pack<T> get(const T* x, std::size_t j) const {
    return J > 1 || part == W<T> ? load(x + j * W<T>) : load_part(x, part);
  }
  void put(T* y, std::size_t j, const Pack<T>& v) const {
    if (J > 1 || part == W<T>)
      store(y + j * W<T>, v);
    else
      store_part(y, v, part);
  }
};

// f(Columns, first column) over all m columns.
template <class T, class F>
void each_columns(std::size_t m, F f) {
  std::size_t i = 0;
  for (; i + 2 * W<T> <= m; i += 2 * W<T>) f(Columns<T, 2>{W<T>}, i);
  for (; i < m; i += W<T>) f(Columns<T, 1>{m - i < W<T> ? m - i : W<T>}, i);
}

// From its halves' sums u, v a node's sum c u + s v and detail s u - c v.
template <class T, std::size_t J>
void analyse(const TreeRotation<T>* tree, std::size_t p, const T* x, T* y, std::size_t m, T* sums,
             Columns<T, J> at) {
  for (std::size_t i = p - 1; i-- > 0;) {
    const TreeRotation<T>& r = tree[i];
    const Pack<T> c(r.c), s(r.s);
    for (std::size_t j = 0; j < J; ++j) {
      const Pack<T> u = r.first_leaf ? at.get(x + r.first * m, j) : load(sums + (r.first * J + j) * W<T>),
                    v = r.second_leaf ? at.get(x + r.second * m, j) : load(sums + (r.second * J + j) * W<T>);
      const Pack<T> sum = xsimd::fma(c, u, s * v);
      if (i == 0)
        at.put(y, j, sum);
      else
        store(sums + (i * J + j) * W<T>, sum);
      at.put(y + (i + 1) * m, j, xsimd::fms(s, u, c * v));
    }
  }
}
template <class T, std::size_t J>
void synthesise(const TreeRotation<T>* tree, std::size_t p, const T* x, T* y, std::size_t m, T* sums,
                Columns<T, J> at) {
  for (std::size_t i = 0; i + 1 < p; ++i) {
    const TreeRotation<T>& r = tree[i];
    const Pack<T> c(r.c), s(r.s);
    for (std::size_t j = 0; j < J; ++j) {
      const Pack<T> a = i == 0 ? at.get(x, j) : load(sums + (i * J + j) * W<T>),
                    d = at.get(x + (i + 1) * m, j);
      const Pack<T> u = xsimd::fma(c, a, s * d), v = xsimd::fms(s, a, c * d);
      if (r.first_leaf)
        at.put(y + r.first * m, j, u);
      else
        store(sums + (r.first * J + j) * W<T>, u);
      if (r.second_leaf)
        at.put(y + r.second * m, j, v);
      else
        store(sums + (r.second * J + j) * W<T>, v);
    }
  }
}

template <class T>
void rotate_tree(const TreeRotation<T>* tree, std::size_t p, const T* x, T* y, std::size_t rows,
                 std::size_t m, T* scratch, bool back) {
  if (p == 1) std::memcpy(y, x, rows * m * sizeof(T));
  for (std::size_t t = 0; p > 1 && t < rows; ++t, x += p * m, y += p * m)
    each_columns<T>(m, [&](auto at, std::size_t i) {
      if (back)
        synthesise(tree, p, x + i, y + i, m, scratch, at);
      else
        analyse(tree, p, x + i, y + i, m, scratch, at);
    });
}

// One pass of butterflies: R rows h apart, for all such sets of the p rows, by registers alone.
template <class T, std::size_t R, class Get, class Put>
void butterfly_pass(std::size_t p, std::size_t h, Get get, Put put) {
  for (std::size_t block = 0; block < p; block += R * h)
    for (std::size_t k = block; k < block + h; ++k) {
      Pack<T> v[R];
#pragma GCC unroll 16
      for (std::size_t i = 0; i < R; ++i) v[i] = get(k + i * h);
#pragma GCC unroll 4
      for (std::size_t g = 1; g < R; g *= 2)
#pragma GCC unroll 16
        for (std::size_t i = 0; i < R; ++i)
          if (!(i & g)) {
            const Pack<T> a = v[i], b = v[i + g];
            v[i] = a + b;
            v[i + g] = a - b;
          }
#pragma GCC unroll 16
      for (std::size_t i = 0; i < R; ++i) put(k + i * h, v[i]);
    }
}
template <class T, class Get, class Put>
void butterfly_pass(int bits, std::size_t p, std::size_t h, Get get, Put put) {
  switch (bits) {
    case 0:
      return butterfly_pass<T, 1>(p, h, get, put);
    case 1:
      return butterfly_pass<T, 2>(p, h, get, put);
    case 2:
      return butterfly_pass<T, 4>(p, h, get, put);
    case 3:
      return butterfly_pass<T, 8>(p, h, get, put);
    default:
      return butterfly_pass<T, 16>(p, h, get, put);
  }
}

template <class T>
void butterflies(int bits, const std::uint32_t* place, T scale, const T* x, T* y, std::size_t rows,
                 std::size_t m, T* scratch, bool back) {
  constexpr int most =
      sizeof(Pack<T>) == 64 ? 4 : 3;  // rows in registers, as a power of two: 32 of them, or 16
  const std::size_t p = std::size_t{1} << bits;
  const int passes = (bits + most - 1) / most, step = passes ? (bits + passes - 1) / passes : 0;
  const Pack<T> factor(scale);
  for (std::size_t t = 0; t < rows; ++t, x += p * m, y += p * m)
    for (std::size_t i = 0; i < m; i += W<T>) {
      const Columns<T, 1> at{m - i < W<T> ? m - i : W<T>};
      const auto from_x = [&](std::size_t k) { return at.get(x + (back ? place[k] : k) * m + i, 0); };
      const auto to_y = [&](std::size_t k, const Pack<T>& v) {
        at.put(y + (back ? k : place[k]) * m + i, 0, v * factor);
      };
      const auto from_scratch = [&](std::size_t k) { return load(scratch + k * W<T>); };
      const auto to_scratch = [&](std::size_t k, const Pack<T>& v) { store(scratch + k * W<T>, v); };
      if (bits <= step) {
        butterfly_pass<T>(bits, p, 1, from_x, to_y);
        continue;
      }
      int done = step;
      butterfly_pass<T>(step, p, 1, from_x, to_scratch);
      for (; bits - done > step; done += step)
        butterfly_pass<T>(step, p, std::size_t{1} << done, from_scratch, to_scratch);
      butterfly_pass<T>(bits - done, p, std::size_t{1} << done, from_scratch, to_y);
    }
}

}  // namespace
}  // namespace tubal::TUBAL_KERNELS_NAMESPACE
