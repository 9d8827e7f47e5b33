#include "transforms/dense.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <xtensor-blas/xlinalg.hpp>
#include <xtensor/xview.hpp>

#include "core/blas.hpp"

namespace tubal {

Matrix identity_matrix(std::size_t p) { return xt::eye<double>(p); }

Matrix transposed(const Matrix& A) { return xt::transpose(A); }

// Each call of BLAS or LAPACK stands behind reserve_blas().
Matrix product(const Matrix& A, const Matrix& B) {
  reserve_blas();
  return xt::linalg::dot(A, B);
}

Matrix combination(double a, const Matrix& A, double b, const Matrix& B) { return a * A + b * B; }

// What LAPACK makes of a matrix that is not finite depends on the processor's kernels: an error, numbers, no
// end. It is not asked: the answer is NaN, which whoever trains sees and traces.
static bool finite(const Matrix& A) {
  return std::all_of(A.begin(), A.end(), [](double x) { return std::isfinite(x); });
}
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

Matrix inverse_matrix(const Matrix& A) {
  if (!finite(A)) return Matrix(A.shape(), not_a_number);
  reserve_blas();
  return xt::linalg::inv(A);
}

Matrix solve(const Matrix& A, const Matrix& B) {
  if (!finite(A)) return Matrix(B.shape(), not_a_number);
  reserve_blas();
  return xt::linalg::solve(A, B);
}

Tensor<double, 1> singular_values(const Matrix& A) {
  if (!finite(A)) return Tensor<double, 1>({std::min(A.shape(0), A.shape(1))}, not_a_number);
  reserve_blas();
  return std::get<1>(xt::linalg::svd(A, false, false));
}

Matrix orthogonal_factor(const Matrix& A) {
  if (!finite(A)) return Matrix(A.shape(), not_a_number);
  reserve_blas();
  const auto [Q, R] = xt::linalg::qr(A);
  const Tensor<double, 1> signs = xt::sign(xt::diagonal(R));
  return Q * xt::view(signs, xt::newaxis(), xt::all());
}

static double largest_row_sum(const Matrix& A) {
  const Tensor<double, 1> sums = xt::sum(xt::abs(A), 1);
  return xt::amax(sums)();
}

Matrix matrix_exponential(const Matrix& A) {
  const double norm = largest_row_sum(A);
  const int squarings =
      norm > 0.5 && std::isfinite(norm) ? static_cast<int>(std::ceil(std::log2(norm))) + 1 : 0;
  const Matrix S = combination(std::ldexp(1.0, -squarings), A, 0, A);
  // Horner's form of sum S^n / n!, n <= 16: the rest is below 0.5^17 / 17! = 2e-20.
  const Matrix I = identity_matrix(A.shape(0));
  Matrix E = I;
  for (int n = 16; n >= 1; --n) E = combination(1, I, 1.0 / n, product(S, E));
  for (int n = 0; n < squarings; ++n) E = product(E, E);
  return E;
}

Matrix matrix_exponential_derivative(const Matrix& A, const Matrix& E) {
  const std::size_t p = A.shape(0);
  Matrix block = xt::zeros<double>({2 * p, 2 * p});
  xt::view(block, xt::range(0, p), xt::range(0, p)) = A;
  xt::view(block, xt::range(0, p), xt::range(p, 2 * p)) = E;
  xt::view(block, xt::range(p, 2 * p), xt::range(p, 2 * p)) = A;
  block = matrix_exponential(block);
  return xt::view(block, xt::range(0, p), xt::range(p, 2 * p));
}

double largest_difference(const Matrix& A, const Matrix& B) {
  double worst = 0;
  for (std::size_t i = 0; i < A.size(); ++i) {
    const double error = std::abs(A.data()[i] - B.data()[i]);
    if (!(error <= worst)) worst = error;
    if (std::isnan(worst)) return worst;
  }
  return worst;
}

}  // namespace tubal
