#include "core/eigenvalues.hpp"

#include <algorithm>
#include <cmath>
#include <xtensor-blas/xlinalg.hpp>

#include "core/error.hpp"
#include "core/tensor.hpp"

namespace tubal {

void symmetric_eigenvalues(std::size_t n, const double* A, double* values) {
  if (!std::all_of(A, A + n * n, [](double x) { return std::isfinite(x); }))
    throw Error("eigenvalues were asked of a matrix that holds NaN or infinity");
  if (n == 0) return;
  Tensor<double, 2> M = Tensor<double, 2>::from_shape({n, n});
  std::copy(A, A + n * n, M.begin());
  try {
    const Tensor<double, 1> found = xt::linalg::eigvalsh(M);
    std::copy(found.begin(), found.end(), values);
  } catch (const std::runtime_error& error) {
    throw Error("LAPACK found no eigenvalues: " + std::string(error.what()));
  }
}

}  // namespace tubal
