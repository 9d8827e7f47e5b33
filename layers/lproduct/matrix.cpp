// LAPACK through xtensor-blas, kept in this one source because its headers compile slowly.
#include "layers/lproduct/matrix.hpp"

#include <xtensor-blas/xlinalg.hpp>
#include <xtensor/xcomplex.hpp>
#include <xtensor/xview.hpp>

#include "core/blas.hpp"
#include "core/error.hpp"

namespace tubal::lproduct {

namespace {

// The leading block of A, or A inside zeros where the new sides are longer.
template <class S>
Tensor<S, 2> resized(const Tensor<S, 2>& A, std::size_t rows, std::size_t columns) {
  const std::size_t n = std::min(rows, A.shape(0)), q = std::min(columns, A.shape(1));
  Tensor<S, 2> y = xt::zeros<S>({rows, columns});
  xt::view(y, xt::range(0, n), xt::range(0, q)) = xt::view(A, xt::range(0, n), xt::range(0, q));
  return y;
}

}  // namespace

template <class S>
Tensor<S, 2> multiply(const Tensor<S, 2>& A, const Tensor<S, 2>& B) {
  Tensor<S, 2> C = Tensor<S, 2>::from_shape({A.shape(0), B.shape(1)});
  const auto view = [](auto& x) { return contiguous(x.data(), x.shape(0), x.shape(1)); };
  gemm(S(1), view(A), view(B), S(0), view(C));
  return C;
}

template <class S>
Tensor<S, 2> adjoint(const Tensor<S, 2>& A) {
  if constexpr (std::is_floating_point_v<S>)
    return xt::transpose(A);
  else
    return xt::conj(xt::transpose(A));
}

template <class S>
Tensor<S, 2> unit(std::size_t rows, std::size_t columns) {
  return xt::eye<S>(std::vector<std::size_t>{rows, columns});
}

template <class S>
MatrixQr<S> qr(const Tensor<S, 2>& A, bool full) {
  const std::size_t n = A.shape(0), q = A.shape(1), s = full ? n : std::min(n, q);
  // xtensor-blas passes a leading dimension of 1 for a single column, so such a face
  // goes in with a zero column.
  const bool padded = q == 1 && n > 1;
  const Tensor<S, 2> input = padded ? resized(A, n, 2) : A;
  reserve_blas();
  auto [Q, R] = xt::linalg::qr(input, full ? xt::linalg::qrmode::complete : xt::linalg::qrmode::reduced);
  MatrixQr<S> y{Q, R};
  y.Q = resized(y.Q, n, s);
  y.R = resized(y.R, s, q);
  for (std::size_t i = 0; i < std::min(s, q); ++i) {
    const RealOf<S> size = std::abs(y.R(i, i));
    if (size == 0) continue;
    const S phase = y.R(i, i) / size;  // R[i,:] / phase and Q[:,i] * phase leave Q R as it is
    xt::view(y.R, i, xt::range(i, q)) /= phase;
    xt::view(y.Q, xt::all(), i) *= phase;
    y.R(i, i) = S(size);
  }
  return y;
}

template <class S>
MatrixSvd<S> svd(const Tensor<S, 2>& A, bool full) {
  const std::size_t n = A.shape(0), q = A.shape(1);
  if (n < q) {
    MatrixSvd<S> y = svd(adjoint(A), full);
    std::swap(y.U, y.V);
    return y;
  }
  if (n > q) {
    // A = Q R first: xtensor-blas gives LAPACK too small a work space for some complex
    // faces that are not square.
    const MatrixQr<S> f = qr(A, full);
    MatrixSvd<S> y = svd(resized(f.R, q, q), true);
    const Tensor<S, 2> U = multiply(resized(f.Q, n, q), y.U);
    y.U = f.Q;
    xt::view(y.U, xt::all(), xt::range(0, q)) = U;
    return y;
  }
  reserve_blas();
  auto [U, s, Vh] = xt::linalg::svd(A, true, true);
  const Tensor<S, 2> vh = Vh;
  return {U, adjoint(vh), std::vector<RealOf<S>>(s.begin(), s.end())};
}

template <class S>
std::vector<RealOf<S>> singular_values(const Tensor<S, 2>& A) {
  return svd(A, false).s;
}

template <class S>
Tensor<S, 2> invert(const Tensor<S, 2>& A) {
  reserve_blas();
  return xt::linalg::inv(A);
}

#define TUBAL_INSTANTIATE(S)                                                \
  template Tensor<S, 2> multiply(const Tensor<S, 2>&, const Tensor<S, 2>&); \
  template Tensor<S, 2> adjoint(const Tensor<S, 2>&);                       \
  template Tensor<S, 2> unit(std::size_t, std::size_t);                     \
  template std::vector<RealOf<S>> singular_values(const Tensor<S, 2>&);     \
  template Tensor<S, 2> invert(const Tensor<S, 2>&);                        \
  template MatrixSvd<S> svd(const Tensor<S, 2>&, bool);                     \
  template MatrixQr<S> qr(const Tensor<S, 2>&, bool);
TUBAL_INSTANTIATE(float)
TUBAL_INSTANTIATE(double)
TUBAL_INSTANTIATE(std::complex<float>)
TUBAL_INSTANTIATE(std::complex<double>)
#undef TUBAL_INSTANTIATE

}  // namespace tubal::lproduct
