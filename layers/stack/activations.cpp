#include "layers/stack/activations.hpp"

#include <algorithm>
#include <array>

#include "core/kernels.hpp"

namespace tubal {

namespace {

template <class T>
struct Functions {
  Activation name;
  void (*plain)(const T* x, T* y, std::size_t n) = nullptr;
  void (*plain_backward)(const T* x, T* y, T* dx, std::size_t n) = nullptr;  // dx: dy before, dx behind
  typename Kernels<T>::Gate gated = nullptr;
  typename Kernels<T>::GateBackward gated_backward = nullptr;
};

template <class T>
const Functions<T>& functions(Activation activation) {
  const Kernels<T>& k = kernels<T>();
  static const std::array<Functions<T>, 6> table = {{
      {Activation::gelu, k.gelu, k.gelu_backward},
      {Activation::relu, k.relu, k.relu_backward},
      {Activation::silu, k.silu, k.silu_backward},
      {Activation::geglu, nullptr, nullptr, k.geglu, k.geglu_backward},
      {Activation::reglu, nullptr, nullptr, k.reglu, k.reglu_backward},
      {Activation::swiglu, nullptr, nullptr, k.swiglu, k.swiglu_backward},
  }};
  for (const Functions<T>& f : table)
    if (f.name == activation) return f;
  return table[0];
}

}  // namespace

bool gated(Activation activation) { return functions<float>(activation).gated != nullptr; }

template <class T>
void activate(Activation activation, const T* x, T* y, std::size_t rows, std::size_t n) {
  const Functions<T>& f = functions<T>(activation);
  if (f.gated)
    f.gated({x, rows, n, 2 * n}, {x + n, rows, n, 2 * n}, {y, rows, n, n});
  else
    f.plain(x, y, rows * n);
}

template <class T>
void activate_backward(Activation activation, const T* x, const T* dy, T* y, T* dx, std::size_t rows,
                       std::size_t n) {
  const Functions<T>& f = functions<T>(activation);
  if (f.gated)
    return f.gated_backward({x, rows, n, 2 * n}, {x + n, rows, n, 2 * n}, {dy, rows, n, n}, {y, rows, n, n},
                            {dx, rows, n, 2 * n}, {dx + n, rows, n, 2 * n});
  if (dx != dy) std::copy(dy, dy + rows * n, dx);
  f.plain_backward(x, y, dx, rows * n);
}

#define TUBAL_INSTANTIATE(T)                                                  \
  template void activate(Activation, const T*, T*, std::size_t, std::size_t); \
  template void activate_backward(Activation, const T*, const T*, T*, T*, std::size_t, std::size_t);
TUBAL_INSTANTIATE(float)
TUBAL_INSTANTIATE(double)
#undef TUBAL_INSTANTIATE

}  // namespace tubal
