#include "transforms/parametrization.hpp"

#include <xtensor/xmanipulation.hpp>
#include <xtensor/xmath.hpp>

namespace tubal {

static Matrix skew(std::size_t p, std::span<const double> theta) {
  Matrix A = Matrix::from_shape({p, p});
  A.fill(0.0);
  for (std::size_t i = 0, n = 0; i < p; ++i)
    for (std::size_t j = 0; j < i; ++j, ++n) {
      A(i, j) = theta[n];
      A(j, i) = -theta[n];
    }
  return A;
}

static std::vector<double> from_skew(const Matrix& dA) {
  std::vector<double> d;
  for (std::size_t i = 0; i < dA.shape(0); ++i)
    for (std::size_t j = 0; j < i; ++j) d.push_back(dA(i, j) - dA(j, i));
  return d;
}

// Q = (I+A)^-1 (I-A); dQ = -(I+A)^-1 dA (I + Q).
static Matrix cayley(std::size_t p, std::span<const double> theta) {
  const Matrix I = identity_matrix(p), A = skew(p, theta);
  return solve(I + A, I - A);
}
static std::vector<double> cayley_gradient(std::size_t p, std::span<const double> theta, const Matrix& Q,
                                           const Matrix& G) {
  const Matrix I = identity_matrix(p), A = skew(p, theta);
  // dA = -(I+A)^-T G (I+Q)^T, and (I+A)^T = I-A.
  return from_skew(product(solve(I - A, -G), xt::transpose(I + Q)));
}

// Q = exp(A); the adjoint of exp's derivative at A is its derivative at A^T.
static Matrix exponential(std::size_t p, std::span<const double> theta) {
  return matrix_exponential(skew(p, theta));
}
static std::vector<double> exponential_gradient(std::size_t p, std::span<const double> theta, const Matrix&,
                                                const Matrix& G) {
  return from_skew(matrix_exponential_derivative(transposed(skew(p, theta)), G));
}

// Reflector j's vector [p, 1]: 1 at j, theta[i][j] below it.
static Matrix reflector(std::size_t p, std::span<const double> theta, std::size_t j) {
  Matrix v = xt::zeros<double>({p, std::size_t{1}});
  v(j, 0) = 1;
  for (std::size_t i = j + 1; i < p; ++i) v(i, 0) = theta[i * (i - 1) / 2 + j];
  return v;
}
static double beta(const Matrix& v) { return 2 / xt::sum(v * v)(); }
static void reflect_rows(Matrix& M, const Matrix& v) {  // M <- H M = M - beta v (v^T M)
  const Tensor<double, 1> dots = xt::sum(v * M, {0});
  M -= beta(v) * v * dots;
}
static void reflect_columns(Matrix& M, const Matrix& v) {  // M <- M H = M - beta (M v) v^T
  const Matrix dots = product(M, v), row = transposed(v);
  M -= beta(v) * dots * row;
}
static Matrix householder(std::size_t p, std::span<const double> theta) {
  Matrix Q = identity_matrix(p);
  for (std::size_t i = 0; i + 1 < p; ++i) Q(i, i) = -1;
  for (std::size_t j = p; j-- > 1;) reflect_rows(Q, reflector(p, theta, j - 1));
  return Q;
}
static std::vector<double> householder_gradient(std::size_t p, std::span<const double> theta, const Matrix& Q,
                                                const Matrix& G) {
  std::vector<double> d(p * (p - 1) / 2, 0.0);
  Matrix X = product(G, transposed(Q));  // with Q = P H_j S: d loss / d H_j = P^T G S^T = (P^T G Q^T P) H_j
  for (std::size_t j = 0; j + 1 < p; ++j) {
    const Matrix v = reflector(p, theta, j);
    const double b = beta(v);
    reflect_columns(X, v);
    // H = I - b v v^T, b = 2 / (v^T v), db = -b^2 v: dv = b^2 (v^T X v) v - b (X + X^T) v.
    const Matrix symmetric = product(X + xt::transpose(X), v);
    const double quadratic = xt::sum(v * symmetric)() / 2;
    for (std::size_t i = j + 1; i < p; ++i)
      d[i * (i - 1) / 2 + j] = b * b * quadratic * v(i, 0) - b * symmetric(i, 0);
    reflect_rows(X, v);
  }
  return d;
}

const std::vector<Parametrization>& parametrizations() {
  static const std::vector<Parametrization> table = {
      {"cayley", cayley, cayley_gradient},
      {"exponential", exponential, exponential_gradient},
      {"householder", householder, householder_gradient},
  };
  return table;
}

}  // namespace tubal
