#include "transforms/dense.hpp"

#include <algorithm>
#include <cmath>
#include <xtensor-blas/xlinalg.hpp>

namespace tubal {

static Matrix zeros(std::size_t rows, std::size_t columns) {
  Matrix A = Matrix::from_shape({rows, columns});
  A.fill(0.0);
  return A;
}

Matrix identity_matrix(std::size_t p) {
  Matrix I = zeros(p, p);
  for (std::size_t i = 0; i < p; ++i) I(i, i) = 1;
  return I;
}

Matrix transposed(const Matrix& A) {
  Matrix B = zeros(A.shape(1), A.shape(0));
  for (std::size_t i = 0; i < A.shape(0); ++i)
    for (std::size_t j = 0; j < A.shape(1); ++j) B(j, i) = A(i, j);
  return B;
}

Matrix product(const Matrix& A, const Matrix& B) {
  const std::size_t n = A.shape(0), q = A.shape(1), m = B.shape(1);
  Matrix C = zeros(n, m);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t k = 0; k < q; ++k) {
      const double a = A(i, k), *b = B.data() + k * m;
      double* c = C.data() + i * m;
      for (std::size_t j = 0; j < m; ++j) c[j] += a * b[j];
    }
  return C;
}

Matrix combination(double a, const Matrix& A, double b, const Matrix& B) {
  Matrix C = A;
  for (std::size_t i = 0; i < C.size(); ++i) C.data()[i] = a * A.data()[i] + b * B.data()[i];
  return C;
}

Matrix inverse_matrix(const Matrix& A) {
  Matrix I = xt::linalg::inv(A);
  return I;
}

Tensor<double, 1> singular_values(const Matrix& A) {
  Tensor<double, 1> s = std::get<1>(xt::linalg::svd(A, false, false));
  return s;
}

static double largest_row_sum(const Matrix& A) {
  double norm = 0;
  for (std::size_t i = 0; i < A.shape(0); ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < A.shape(1); ++j) sum += std::abs(A(i, j));
    norm = std::max(norm, sum);
  }
  return norm;
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
  Matrix block = zeros(2 * p, 2 * p), D = zeros(p, p);
  for (std::size_t i = 0; i < p; ++i)
    for (std::size_t j = 0; j < p; ++j) {
      block(i, j) = block(p + i, p + j) = A(i, j);
      block(i, p + j) = E(i, j);
    }
  block = matrix_exponential(block);
  for (std::size_t i = 0; i < p; ++i)
    for (std::size_t j = 0; j < p; ++j) D(i, j) = block(i, p + j);
  return D;
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
