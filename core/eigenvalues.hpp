// Eigenvalues of symmetric matrices, by LAPACK.
#pragma once
#include <cstddef>

namespace tubal {

/// Eigenvalues [n] of the symmetric A [n, n], ascending. The same bits for the same input in every thread.
/// Throws Error where A holds NaN or infinity, or LAPACK does not converge.
void symmetric_eigenvalues(std::size_t n, const double* A, double* values);

}  // namespace tubal
