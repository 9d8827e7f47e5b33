#include "layers/products.hpp"

#include <algorithm>

#include "core/blas.hpp"
#include "core/buffer.hpp"
#include "core/kernels.hpp"

namespace tubal {

namespace {

// Rows of x rounded, side by side, in whole pieces with zeros behind the last row. It lives until the
// thread's next call with the same `place`.
template <int place>
const Bfloat16* rounded(const float* x, std::size_t ldx, std::size_t rows, std::size_t n) {
  thread_local std::vector<Bfloat16> buffer;
  const std::size_t all = whole_pieces(rows) * n;
  if (buffer.size() < all) buffer.resize(all);
  to_bfloat16(x, ldx, buffer.data(), n, rows, n);
  std::fill(buffer.begin() + static_cast<std::ptrdiff_t>(rows * n),
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

// Rows of n, side by side at the kernels' stride.
template <class T, int place>
const T* copied(const T* x, std::size_t ldx, std::size_t rows, std::size_t n) {
  const std::size_t ld = kernels<T>().row_stride(n);
  T* y = scratch<T, place>(rows * ld);
  for (std::size_t t = 0; t < rows; ++t) std::copy(x + t * ldx, x + t * ldx + n, y + t * ld);
  return y;
}

}  // namespace

template <class T>
void output_product(const Pass<T>& pass, std::size_t tokens, std::size_t out, std::size_t in, const T* u,
                    std::size_t ldu, std::size_t weight, const T* bias, T* y, std::size_t ldy) {
  const Kernels<T>& kernel = kernels<T>();
  const T* W = pass.weights + weight;
  if (!pass.rounded && small<T>(out, in, out)) {
    const std::size_t ld = kernel.row_stride(out);
    T* Wt = scratch<T, 0>(in * ld);
    kernel.transpose(out, in, W, in, Wt, ld, out);
    return kernel.product(tokens, out, in, u, ldu, 1, Wt, ld, bias, 0, y, ldy);
  }
  if (bias) kernel.fill_rows(bias, y, tokens, out, ldy);
  if constexpr (std::is_same_v<T, float>)
    if (pass.rounded)
      return gemm(false, true, whole_pieces(tokens), out, in, rounded<0>(u, ldu, tokens, in), in,
                  pass.rounded + weight, in, bias != nullptr, y, ldy);
  gemm(false, true, tokens, out, in, T(1), u, ldu, W, in, bias ? T(1) : T(0), y, ldy);
}

template <class T>
void input_product(const Pass<T>& pass, std::size_t tokens, std::size_t out, std::size_t in, const T* dy,
                   std::size_t lddy, std::size_t weight, T* du, std::size_t lddu) {
  const Kernels<T>& kernel = kernels<T>();
  const T* W = pass.weights + weight;
  if constexpr (std::is_same_v<T, float>)
    if (pass.rounded)
      return gemm(false, false, whole_pieces(tokens), in, out, rounded<0>(dy, lddy, tokens, out), out,
                  pass.rounded + weight, in, false, du, lddu);
  if (!small<T>(out, in, in))
    return gemm(false, false, tokens, in, out, T(1), dy, lddy, W, in, T(0), du, lddu);
  kernel.product(tokens, in, out, dy, lddy, 1, copied<T, 0>(W, in, out, in), kernel.row_stride(in), nullptr,
                 0, du, lddu);
}

template <class T>
void weight_product(const Pass<T>& pass, std::size_t tokens, std::size_t out, std::size_t in, const T* dy,
                    std::size_t lddy, const T* u, std::size_t ldu, T* dW) {
  const Kernels<T>& kernel = kernels<T>();
  if constexpr (std::is_same_v<T, float>)
    if (pass.rounded)
      return gemm(true, false, out, in, whole_pieces(tokens), rounded<0>(dy, lddy, tokens, out), out,
                  rounded<1>(u, ldu, tokens, in), in, true, dW, in);
  if (!small<T>(out, in, in)) return gemm(true, false, out, in, tokens, T(1), dy, lddy, u, ldu, T(1), dW, in);
  constexpr std::size_t step = 128;  // tokens at a time, so that their columns stay in the first-level cache
  for (std::size_t t = 0; t < tokens; t += step) {
    const std::size_t rows = std::min(step, tokens - t);
    const T *g = dy + t * lddy, *v = copied<T, 0>(u + t * ldu, ldu, rows, in);
    std::size_t ldg = lddy;
    // Rows whole pages apart would all fall on the same lines of the cache.
    if (lddy * sizeof(T) % 4096 == 0) g = copied<T, 1>(g, lddy, rows, out), ldg = kernel.row_stride(out);
    kernel.product(out, in, rows, g, 1, ldg, v, kernel.row_stride(in), dW, in, dW, in);
  }
}

#define TUBAL_INSTANTIATE(T)                                                                                 \
  template void output_product(const Pass<T>&, std::size_t, std::size_t, std::size_t, const T*, std::size_t, \
                               std::size_t, const T*, T*, std::size_t);                                      \
  template void input_product(const Pass<T>&, std::size_t, std::size_t, std::size_t, const T*, std::size_t,  \
                              std::size_t, T*, std::size_t);                                                 \
  template void weight_product(const Pass<T>&, std::size_t, std::size_t, std::size_t, const T*, std::size_t, \
                               const T*, std::size_t, T*);
TUBAL_INSTANTIATE(float)
TUBAL_INSTANTIATE(double)
#undef TUBAL_INSTANTIATE

}  // namespace tubal
