#include "core/blas.hpp"
#include "core/kernels.hpp"
#include "layers/encoder.hpp"

namespace tubal {

// Blocks lie side by side in a row, so each product reads and writes strided matrices: no permutation of
// slices. The bias is laid down first and the product added to it, which costs BLAS nothing.
template <class T>
void linear_forward(const Pass<T>& pass, const LinearOffsets& at, bool bias, std::size_t out, std::size_t in,
                    std::size_t tokens, const T* u, T* y) {
  const std::size_t d = pass.s.d;
  for (std::size_t b = 0; b < pass.s.blocks.size(); ++b) {
    const Block& k = pass.s.blocks[b];
    T* yb = y + out * k.offset;
    if (bias) kernels<T>().fill_rows(pass.weights + at.bias[b], yb, tokens, out * k.width, out * d);
    gemm(false, true, tokens, out * k.width, in * k.width, T(1), u + in * k.offset, in * d,
         pass.weights + at.weight[b], in * k.width, bias ? T(1) : T(0), yb, out * d);
  }
}

template <class T>
void linear_backward(const Pass<T>& pass, const LinearOffsets& at, bool bias, std::size_t out, std::size_t in,
                     std::size_t tokens, const T* dy, const T* u, T* du, T* gradient) {
  const std::size_t d = pass.s.d;
  for (std::size_t b = 0; b < pass.s.blocks.size(); ++b) {
    const Block& k = pass.s.blocks[b];
    const T *dyb = dy + out * k.offset, *ub = u + in * k.offset;
    if (bias) kernels<T>().column_sum(dyb, gradient + at.bias[b], tokens, out * k.width, out * d);
    gemm(true, false, out * k.width, in * k.width, tokens, T(1), dyb, out * d, ub, in * d, T(1),
         gradient + at.weight[b], in * k.width);
    gemm(false, false, tokens, in * k.width, out * k.width, T(1), dyb, out * d, pass.weights + at.weight[b],
         in * k.width, T(0), du + in * k.offset, in * d);
  }
}

#define TUBAL_INSTANTIATE(T)                                                                          \
  template void linear_forward(const Pass<T>&, const LinearOffsets&, bool, std::size_t, std::size_t,  \
                               std::size_t, const T*, T*);                                            \
  template void linear_backward(const Pass<T>&, const LinearOffsets&, bool, std::size_t, std::size_t, \
                                std::size_t, const T*, const T*, T*, T*);
TUBAL_INSTANTIATE(float)
TUBAL_INSTANTIATE(double)

}  // namespace tubal
