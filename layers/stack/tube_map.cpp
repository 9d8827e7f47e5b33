#include "layers/stack/tube_map.hpp"

#include <algorithm>

#include "core/kernels.hpp"

namespace tubal {

template <class T>
TubeMap<T>::TubeMap(std::size_t p, const double* matrix)
    : p_(p), matrix_(matrix, matrix + p * p), transposed_(p * p) {
  kernels<T>().transpose(contiguous<const T>(matrix_.data(), p, p), contiguous(transposed_.data(), p, p));
}

template <class T>
TubeMap<T>::TubeMap(const TransformPlan& plan, bool inverse)
    : TubeMap(static_cast<std::size_t>(plan.p()),
              (inverse ? plan.inverse_matrix() : plan.forward_matrix()).data()) {
  plan_ = &plan;
  inverse_ = inverse;
}

template <class T>
void TubeMap<T>::forward(const T* x, T* y, std::size_t p, std::size_t w, std::size_t rows) const {
  if (!present())
    std::copy(x, x + rows * p * w, y);
  else if (!by_plan(w))
    kernels<T>().tube(matrix_.data(), p, x, y, rows, w);
  else if (inverse_)
    plan_->inverse(x, y, rows, w);
  else
    plan_->forward(x, y, rows, w);
}

template <class T>
void TubeMap<T>::adjoint(const T* dy, T* dx, std::size_t p, std::size_t w, std::size_t rows) const {
  if (!present())
    std::copy(dy, dy + rows * p * w, dx);
  else if (!by_plan(w))
    kernels<T>().tube(transposed_.data(), p, dy, dx, rows, w);
  else if (inverse_)
    plan_->inverse_adjoint(dy, dx, rows, w);
  else
    plan_->forward_adjoint(dy, dx, rows, w);
}

template <class T>
std::string TubeMap<T>::description(std::size_t w) const {
  if (!present()) return "";
  return plan_ ? plan_->description(w, sizeof(T)) : "p x p product";
}

template <class T>
void add_tube_gradient(const T* dy, const T* x, double* dM, std::size_t p, std::size_t w, std::size_t rows) {
  kernels<T>().tube_gradient(dy, x, dM, p, rows, w);
}

template class TubeMap<float>;
template class TubeMap<double>;
template void add_tube_gradient(const float*, const float*, double*, std::size_t, std::size_t, std::size_t);
template void add_tube_gradient(const double*, const double*, double*, std::size_t, std::size_t, std::size_t);

}  // namespace tubal
