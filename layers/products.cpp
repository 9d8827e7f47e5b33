#include "layers/products.hpp"

#include <algorithm>

#include "core/blas.hpp"

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

}  // namespace

template <class T>
void output_product(const Pass<T>& pass, std::size_t tokens, std::size_t out, std::size_t in, const T* u,
                    std::size_t ldu, std::size_t weight, bool add, T* y, std::size_t ldy) {
  if constexpr (std::is_same_v<T, float>)
    if (pass.rounded)
      return gemm(false, true, whole_pieces(tokens), out, in, rounded<0>(u, ldu, tokens, in), in,
                  pass.rounded + weight, in, add, y, ldy);
  gemm(false, true, tokens, out, in, T(1), u, ldu, pass.weights + weight, in, add ? T(1) : T(0), y, ldy);
}

template <class T>
void input_product(const Pass<T>& pass, std::size_t tokens, std::size_t out, std::size_t in, const T* dy,
                   std::size_t lddy, std::size_t weight, T* du, std::size_t lddu) {
  if constexpr (std::is_same_v<T, float>)
    if (pass.rounded)
      return gemm(false, false, whole_pieces(tokens), in, out, rounded<0>(dy, lddy, tokens, out), out,
                  pass.rounded + weight, in, false, du, lddu);
  gemm(false, false, tokens, in, out, T(1), dy, lddy, pass.weights + weight, in, T(0), du, lddu);
}

template <class T>
void weight_product(const Pass<T>& pass, std::size_t tokens, std::size_t out, std::size_t in, const T* dy,
                    std::size_t lddy, const T* u, std::size_t ldu, T* dW) {
  if constexpr (std::is_same_v<T, float>)
    if (pass.rounded)
      return gemm(true, false, out, in, whole_pieces(tokens), rounded<0>(dy, lddy, tokens, out), out,
                  rounded<1>(u, ldu, tokens, in), in, true, dW, in);
  gemm(true, false, out, in, tokens, T(1), dy, lddy, u, ldu, T(1), dW, in);
}

#define TUBAL_INSTANTIATE(T)                                                                                 \
  template void output_product(const Pass<T>&, std::size_t, std::size_t, std::size_t, const T*, std::size_t, \
                               std::size_t, bool, T*, std::size_t);                                          \
  template void input_product(const Pass<T>&, std::size_t, std::size_t, std::size_t, const T*, std::size_t,  \
                              std::size_t, T*, std::size_t);                                                 \
  template void weight_product(const Pass<T>&, std::size_t, std::size_t, std::size_t, const T*, std::size_t, \
                               const T*, std::size_t, T*);
TUBAL_INSTANTIATE(float)
TUBAL_INSTANTIATE(double)
#undef TUBAL_INSTANTIATE

}  // namespace tubal
