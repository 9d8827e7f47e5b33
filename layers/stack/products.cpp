#include "layers/stack/products.hpp"

#include <algorithm>
#include <vector>

#include "core/blas.hpp"
#include "core/buffer.hpp"
#include "core/kernels.hpp"

namespace tubal {

namespace {

// Rows of x rounded, side by side, in whole pieces with zeros behind the last row. It lives until the
// thread's next call with the same `place`.
template <int place>
const Bfloat16* rounded(MatrixView<const float> x) {
  thread_local std::vector<Bfloat16> buffer;
  const std::size_t all = whole_pieces(x.rows) * x.columns;
  if (buffer.size() < all) buffer.resize(all);
  to_bfloat16(x.data, x.stride, buffer.data(), x.columns, x.rows, x.columns);
  std::fill(buffer.begin() + static_cast<std::ptrdiff_t>(x.rows * x.columns),
            buffer.begin() + static_cast<std::ptrdiff_t>(all), Bfloat16{0});
  return buffer.data();
}

// W up to a quarter of a second-level cache and results in whole packs: the kernels' own product, ahead of
// BLAS by a tenth to a half there and behind it further up (tests/benchmark/README.md).
template <class T>
bool small(std::size_t out, std::size_t in, std::size_t columns) {
  return out * in * sizeof(T) <= (std::size_t{1} << 18) && columns % kernels<T>().row_stride(1) == 0;
}

template <class T, int place>
T* scratch(std::size_t n) {
  thread_local Buffer<T> buffer;
  buffer.reserve(n);
  return buffer.data();
}

// Rows side by side at the kernels' stride.
template <class T, int place>
const T* copied(MatrixView<const T> x) {
  const std::size_t ld = kernels<T>().row_stride(x.columns);
  T* y = scratch<T, place>(x.rows * ld);
  for (std::size_t t = 0; t < x.rows; ++t)
    std::copy(x.data + t * x.stride, x.data + t * x.stride + x.columns, y + t * ld);
  return y;
}

}  // namespace

template <class T>
void output_product(MatrixView<const T> u, Weights<T> W, const T* bias, MatrixView<T> y) {
  const Kernels<T>& kernel = kernels<T>();
  const std::size_t out = y.columns, in = u.columns;
  if (!W.rounded && small<T>(out, in, out)) {
    const std::size_t ld = kernel.row_stride(out);
    T* Wt = scratch<T, 0>(in * ld);
    kernel.transpose(out, in, W.values, in, Wt, ld, out);
    return kernel.product(u.rows, out, in, u.data, u.stride, 1, Wt, ld, bias, 0, y.data, y.stride);
  }
  if (bias) kernel.fill_rows(bias, y.data, u.rows, out, y.stride);
  if constexpr (std::is_same_v<T, float>)
    if (W.rounded)
      return gemm(false, true, whole_pieces(u.rows), out, in, rounded<0>(u), in, W.rounded, in,
                  bias != nullptr, y.data, y.stride);
  gemm(false, true, u.rows, out, in, T(1), u.data, u.stride, W.values, in, bias ? T(1) : T(0), y.data,
       y.stride);
}

template <class T>
void input_product(MatrixView<const T> dy, Weights<T> W, MatrixView<T> du, bool add) {
  const Kernels<T>& kernel = kernels<T>();
  const std::size_t out = dy.columns, in = du.columns;
  if constexpr (std::is_same_v<T, float>)
    if (W.rounded)
      return gemm(false, false, whole_pieces(dy.rows), in, out, rounded<0>(dy), out, W.rounded, in, add,
                  du.data, du.stride);
  if (!small<T>(out, in, in))
    return gemm(false, false, dy.rows, in, out, T(1), dy.data, dy.stride, W.values, in, add ? T(1) : T(0),
                du.data, du.stride);
  const T* B = copied<T, 0>({W.values, out, in, in});
  kernel.product(dy.rows, in, out, dy.data, dy.stride, 1, B, kernel.row_stride(in), add ? du.data : nullptr,
                 du.stride, du.data, du.stride);
}

template <class T>
void weight_product(MatrixView<const T> dy, MatrixView<const T> u, T* dW, bool round) {
  const Kernels<T>& kernel = kernels<T>();
  const std::size_t out = dy.columns, in = u.columns, tokens = dy.rows;
  if constexpr (std::is_same_v<T, float>)
    if (round)
      return gemm(true, false, out, in, whole_pieces(tokens), rounded<0>(dy), out, rounded<1>(u), in, true,
                  dW, in);
  if (!small<T>(out, in, in))
    return gemm(true, false, out, in, tokens, T(1), dy.data, dy.stride, u.data, u.stride, T(1), dW, in);
  constexpr std::size_t step = 128;  // tokens at a time, so that their columns stay in the first-level cache
  for (std::size_t t = 0; t < tokens; t += step) {
    const std::size_t rows = std::min(step, tokens - t);
    const T *g = dy.data + t * dy.stride, *v = copied<T, 0>({u.data + t * u.stride, rows, in, u.stride});
    std::size_t ldg = dy.stride;
    // Rows whole pages apart would all fall on the same lines of the cache.
    if (dy.stride * sizeof(T) % 4096 == 0)
      g = copied<T, 1>({g, rows, out, dy.stride}), ldg = kernel.row_stride(out);
    kernel.product(out, in, rows, g, 1, ldg, v, kernel.row_stride(in), dW, in, dW, in);
  }
}

#define TUBAL_INSTANTIATE(T)                                                              \
  template void output_product(MatrixView<const T>, Weights<T>, const T*, MatrixView<T>); \
  template void input_product(MatrixView<const T>, Weights<T>, MatrixView<T>, bool);      \
  template void weight_product(MatrixView<const T>, MatrixView<const T>, T*, bool);
TUBAL_INSTANTIATE(float)
TUBAL_INSTANTIATE(double)
#undef TUBAL_INSTANTIATE

}  // namespace tubal
