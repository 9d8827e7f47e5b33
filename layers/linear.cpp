#include "core/kernels.hpp"
#include "layers/products.hpp"

namespace tubal {

// Blocks lie side by side in a row, so each product reads and writes strided matrices: no permutation of
// slices. Sums start from the bias.
template <class T>
void linear_forward(const Pass<T>& pass, const LinearOffsets& at, bool bias, std::size_t out, std::size_t in,
                    std::size_t tokens, const T* u, T* y) {
  const std::size_t d = pass.s.d;
  for (std::size_t b = 0; b < pass.s.blocks.size(); ++b) {
    const Block& k = pass.s.blocks[b];
    T* yb = y + out * k.offset;
    output_product(pass, tokens, out * k.width, in * k.width, u + in * k.offset, in * d, at.weight[b],
                   bias ? pass.weights + at.bias[b] : nullptr, yb, out * d);
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
    weight_product(pass, tokens, out * k.width, in * k.width, dyb, out * d, ub, in * d,
                   gradient + at.weight[b]);
    input_product(pass, tokens, out * k.width, in * k.width, dyb, out * d, at.weight[b], du + in * k.offset,
                  in * d);
  }
}

#define TUBAL_INSTANTIATE(T)                                                                          \
  template void linear_forward(const Pass<T>&, const LinearOffsets&, bool, std::size_t, std::size_t,  \
                               std::size_t, const T*, T*);                                            \
  template void linear_backward(const Pass<T>&, const LinearOffsets&, bool, std::size_t, std::size_t, \
                                std::size_t, const T*, const T*, T*, T*);
TUBAL_INSTANTIATE(float)
TUBAL_INSTANTIATE(double)
#undef TUBAL_INSTANTIATE

}  // namespace tubal
