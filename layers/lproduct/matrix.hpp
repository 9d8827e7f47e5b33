// One face at a time: the dense linear algebra under the L-product, for real and complex, float and double.
#pragma once
#include <complex>
#include <type_traits>
#include <vector>

#include "core/tensor.hpp"

namespace tubal::lproduct {

/// float for float and complex<float>; the same for double.
template <class S>
using RealOf = decltype(std::abs(S()));

/// A B.
template <class S>
Tensor<S, 2> multiply(const Tensor<S, 2>& A, const Tensor<S, 2>& B);
/// A^H.
template <class S>
Tensor<S, 2> adjoint(const Tensor<S, 2>& A);
template <class S>
Tensor<S, 2> unit(std::size_t rows, std::size_t columns);

/// Singular values, falling: min(rows, columns) of them.
template <class S>
std::vector<RealOf<S>> singular_values(const Tensor<S, 2>& A);
/// A^-1 of a square A whose condition the caller has checked.
template <class S>
Tensor<S, 2> invert(const Tensor<S, 2>& A);

/// A = U diag(s) V^H; economic: s columns each, full: square U and V.
template <class S>
struct MatrixSvd {
  Tensor<S, 2> U, V;
  std::vector<RealOf<S>> s;
};
template <class S>
MatrixSvd<S> svd(const Tensor<S, 2>& A, bool full);

/// A = Q R, R upper triangular with a real diagonal >= 0.
template <class S>
struct MatrixQr {
  Tensor<S, 2> Q, R;
};
template <class S>
MatrixQr<S> qr(const Tensor<S, 2>& A, bool full);

}  // namespace tubal::lproduct
