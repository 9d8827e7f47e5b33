#include "layers/stack/products.hpp"

#include <algorithm>
#include <vector>

#include "core/blas.hpp"
#include "core/buffer.hpp"
#include "core/kernels.hpp"

namespace tubal {

namespace {

// Rows of x rounded, side by side, in whole pieces with zeros behind the last row. They live until the
// thread's next call with the same `place`, as what the two functions below give does.
template <int place>
MatrixView<const Bfloat16> rounded(MatrixView<const float> x) {
  thread_local std::vector<Bfloat16> buffer;
  const std::size_t rows = whole_pieces(x.rows), all = rows * x.columns;
  if (buffer.size() < all) buffer.resize(all);
  to_bfloat16(x.data, x.stride, buffer.data(), x.columns, x.rows, x.columns);
  std::fill(buffer.begin() + static_cast<std::ptrdiff_t>(x.rows * x.columns),
            buffer.begin() + static_cast<std::ptrdiff_t>(all), Bfloat16{0});
  return contiguous<const Bfloat16>(buffer.data(), rows, x.columns);
}

// Room for a matrix, rows at the kernels' stride.
template <class T, int place>
MatrixView<T> scratch(std::size_t rows, std::size_t columns) {
  thread_local Buffer<T> buffer;
  const std::size_t stride = kernels<T>().row_stride(columns);
  buffer.reserve(rows * stride);
  return {buffer.data(), rows, columns, stride};
}

template <class T, int place>
MatrixView<const T> copied(MatrixView<const T> x) {
  const MatrixView<T> y = scratch<T, place>(x.rows, x.columns);
  for (std::size_t t = 0; t < x.rows; ++t)
    std::copy_n(x.data + t * x.stride, x.columns, y.data + t * y.stride);
  return y;
}

// W up to half a megabyte and results in whole packs: the kernels' own product, ahead of BLAS by a tenth to a
// half there and behind it further up (tests/benchmark/README.md).
template <class T>
bool small(MatrixView<const T> W, std::size_t columns) {
  return W.rows * W.columns * sizeof(T) <= (std::size_t{1} << 19) &&
         columns % kernels<T>().row_stride(1) == 0;
}

// Rows of W that the kernels' own product takes at a time: a quarter of a second-level cache.
template <class T>
std::size_t rows_at_once(std::size_t columns) {
  const std::size_t whole = 4 * kernels<T>().row_stride(1);
  return std::max(whole, (std::size_t{1} << 18) / (columns * sizeof(T)) / whole * whole);
}

// f(first, count) for all `rows` in pieces of at most `step`.
template <class F>
void in_pieces(std::size_t rows, std::size_t step, F f) {
  for (std::size_t r = 0; r < rows; r += step) f(r, std::min(step, rows - r));
}

// A token that is written: any copy of W would cost more than its product.
template <class T>
void one_row(MatrixView<const T> u, MatrixView<const T> W, const T* bias, MatrixView<T> y) {
  const Kernels<T>& kernel = kernels<T>();
  if (u.columns % kernel.row_stride(1) == 0) {
    kernel.row_products(u, W, y);
    if (bias) kernel.add(bias, y.data, y.columns);
    return;
  }
  if (bias)
    std::copy(bias, bias + y.columns, y.data);
  else
    std::fill(y.data, y.data + y.columns, T(0));
  gemv(W, u.data, y.data);
}

}  // namespace

template <class T>
void output_product(MatrixView<const T> u, Weights<T> weights, const T* bias, MatrixView<T> y) {
  const Kernels<T>& kernel = kernels<T>();
  const std::size_t out = y.columns, in = u.columns;
  const MatrixView<const T> W = contiguous(weights.values, out, in);
  check_product<T>(u, transposed(W), y);
  if (!weights.rounded && u.rows == 1) return one_row<T>(u, W, bias, y);
  if (!weights.rounded && small(W, out))
    return in_pieces(out, rows_at_once<T>(in), [&](std::size_t r, std::size_t rows) {
      const MatrixView<T> Wt = scratch<T, 0>(in, rows);
      kernel.transpose(rows_of(W, r, rows), Wt);
      kernel.product(u, Wt, {bias ? bias + r : nullptr, u.rows, rows, 0}, columns_of(y, r, rows));
    });
  if (bias) kernel.fill_rows(bias, y);
  if constexpr (std::is_same_v<T, float>)
    if (weights.rounded)
      return gemm(rounded<0>(u), transposed(contiguous(weights.rounded, out, in)), bias != nullptr,
                  {y.data, whole_pieces(y.rows), out, y.stride});
  gemm(T(1), u, transposed(W), bias ? T(1) : T(0), y);
}

template <class T>
void input_product(MatrixView<const T> dy, Weights<T> weights, MatrixView<T> du, bool add) {
  const Kernels<T>& kernel = kernels<T>();
  const std::size_t out = dy.columns, in = du.columns;
  const MatrixView<const T> W = contiguous(weights.values, out, in);
  check_product<T>(dy, W, du);
  if constexpr (std::is_same_v<T, float>)
    if (weights.rounded)
      return gemm(rounded<0>(dy), contiguous(weights.rounded, out, in), add,
                  {du.data, whole_pieces(du.rows), in, du.stride});
  if (!small(W, in)) return gemm(T(1), dy, W, add ? T(1) : T(0), du);
  in_pieces(out, rows_at_once<T>(in), [&](std::size_t r, std::size_t rows) {
    const MatrixView<const T> none;
    kernel.product(columns_of(dy, r, rows), copied<T, 0>(rows_of(W, r, rows)),
                   add || r > 0 ? MatrixView<const T>(du) : none, du);
  });
}

template <class T>
void weight_product(MatrixView<const T> dy, MatrixView<const T> u, T* gradient, bool round) {
  const Kernels<T>& kernel = kernels<T>();
  const MatrixView<T> dW = contiguous(gradient, dy.columns, u.columns);
  check_product<T>(transposed(dy), u, dW);
  if constexpr (std::is_same_v<T, float>)
    if (round) return gemm(transposed(rounded<0>(dy)), rounded<1>(u), true, dW);
  if (!small<T>(dW, dW.columns)) return gemm(T(1), transposed(dy), u, T(1), dW);
  constexpr std::size_t step = 128;  // tokens at a time, so that their columns stay in the first-level cache
  in_pieces(dW.rows, rows_at_once<T>(dW.columns), [&](std::size_t r, std::size_t outputs) {
    in_pieces(u.rows, step, [&](std::size_t t, std::size_t rows) {
      const MatrixView<const T> v = copied<T, 0>(rows_of(u, t, rows));
      MatrixView<const T> g = columns_of(rows_of(dy, t, rows), r, outputs);
      // Rows whole pages apart would all fall on the same lines of the cache.
      if (g.stride * sizeof(T) % 4096 == 0) g = copied<T, 1>(g);
      kernel.product(transposed(g), v, rows_of(dW, r, outputs), rows_of(dW, r, outputs));
    });
  });
}

#define TUBAL_INSTANTIATE(T)                                                              \
  template void output_product(MatrixView<const T>, Weights<T>, const T*, MatrixView<T>); \
  template void input_product(MatrixView<const T>, Weights<T>, MatrixView<T>, bool);      \
  template void weight_product(MatrixView<const T>, MatrixView<const T>, T*, bool);
TUBAL_INSTANTIATE(float)
TUBAL_INSTANTIATE(double)
#undef TUBAL_INSTANTIATE

}  // namespace tubal
