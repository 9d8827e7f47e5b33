#include "transforms/parametrization.hpp"

namespace tubal {

static Matrix skew(std::size_t p, std::span<const double> theta) {
  Matrix A = Matrix::from_shape({p, p});
  A.fill(0.0);
  for (std::size_t i = 0, n = 0; i < p; ++i)
    for (std::size_t j = 0; j < i; ++j, ++n) A(i, j) = theta[n], A(j, i) = -theta[n];
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
  return product(inverse_matrix(combination(1, I, 1, A)), combination(1, I, -1, A));
}
static std::vector<double> cayley_gradient(std::size_t p, std::span<const double> theta, const Matrix& Q,
                                           const Matrix& G) {
  const Matrix I = identity_matrix(p), A = skew(p, theta);
  // dA = -(I+A)^-T G (I+Q)^T, and (I+A)^T = I-A.
  const Matrix left = inverse_matrix(combination(1, I, -1, A));
  return from_skew(product(product(combination(-1, left, 0, left), G), transposed(combination(1, I, 1, Q))));
}

// Q = exp(A); the adjoint of exp's derivative at A is its derivative at A^T.
static Matrix exponential(std::size_t p, std::span<const double> theta) {
  return matrix_exponential(skew(p, theta));
}
static std::vector<double> exponential_gradient(std::size_t p, std::span<const double> theta, const Matrix&,
                                                const Matrix& G) {
  return from_skew(matrix_exponential_derivative(transposed(skew(p, theta)), G));
}

// Reflector j's vector: 1 at j, theta[i][j] below it.
static std::vector<double> reflector(std::size_t p, std::span<const double> theta, std::size_t j) {
  std::vector<double> v(p, 0.0);
  v[j] = 1;
  for (std::size_t i = j + 1; i < p; ++i) v[i] = theta[i * (i - 1) / 2 + j];
  return v;
}
static double beta(const std::vector<double>& v) {
  double square = 0;
  for (double x : v) square += x * x;
  return 2 / square;
}
static void reflect_rows(Matrix& M, const std::vector<double>& v) {  // M <- H M
  const double b = beta(v);
  for (std::size_t c = 0; c < M.shape(1); ++c) {
    double dot = 0;
    for (std::size_t r = 0; r < v.size(); ++r) dot += v[r] * M(r, c);
    for (std::size_t r = 0; r < v.size(); ++r) M(r, c) -= b * dot * v[r];
  }
}
static void reflect_columns(Matrix& M, const std::vector<double>& v) {  // M <- M H
  const double b = beta(v);
  for (std::size_t r = 0; r < M.shape(0); ++r) {
    double dot = 0;
    for (std::size_t c = 0; c < v.size(); ++c) dot += M(r, c) * v[c];
    for (std::size_t c = 0; c < v.size(); ++c) M(r, c) -= b * dot * v[c];
  }
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
    const std::vector<double> v = reflector(p, theta, j);
    const double b = beta(v);
    reflect_columns(X, v);
    // H = I - b v v^T, b = 2 / (v^T v), db = -b^2 v: dv = b^2 (v^T X v) v - b (X + X^T) v.
    std::vector<double> symmetric(p, 0.0);
    double quadratic = 0;
    for (std::size_t r = 0; r < p; ++r)
      for (std::size_t c = 0; c < p; ++c) symmetric[r] += (X(r, c) + X(c, r)) * v[c];
    for (std::size_t r = 0; r < p; ++r) quadratic += v[r] * symmetric[r] / 2;
    for (std::size_t i = j + 1; i < p; ++i)
      d[i * (i - 1) / 2 + j] = b * b * quadratic * v[i] - b * symmetric[i];
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
