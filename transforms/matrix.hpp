#pragma once
#include "transforms/plan.hpp"

namespace tubal {

/// l where F^T F = l I to rounding, else 0.
double orthogonal_scale(const Matrix& F);
/// Largest over smallest singular value; infinity where singular.
double condition_number(const Matrix& F);
/// Parts of any real matrix: inverse by LU, scale found. Throws UsageError, starting with `origin`, where F
/// is singular to working precision.
PlanParts matrix_parts(const std::string& origin, Matrix F, const std::vector<double>& frequency);

}  // namespace tubal
