// Orthogonal matrices Q(theta) with their gradients;
// theta is a strictly lower triangle [p(p-1)/2], row by row.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "transforms/dense.hpp"

namespace tubal {

/// Q(0) = I for each, and no parameter's gradient vanishes there for every loss.
///  - cayley:      Q = (I+A)^-1 (I-A), A[i][j] = theta, A[j][i] = -theta (i > j). Never an eigenvalue -1.
///  - exponential: Q = exp(A), A as above. All rotations.
///  - householder: Q = H_0 H_1 ... H_{p-2} D with H_j = I - 2 v v^T / (v^T v), v = (0 .. 0, 1, theta[j+1][j],
///  ..,
///    theta[p-1][j]) (the 1 at j) and D = diag(-1, .., -1, 1), so that the reflectors at theta = 0 cancel
///    against D. All rotations but a set of measure zero.
struct Parametrization {
  std::string name;
  Matrix (*rotation)(std::size_t p, std::span<const double> theta);
  /// d loss / d theta from G = d loss / d Q and Q = rotation(theta).
  std::vector<double> (*gradient)(std::size_t p, std::span<const double> theta, const Matrix& Q,
                                  const Matrix& G);
};

const std::vector<Parametrization>& parametrizations();

}  // namespace tubal
