// What the built-in transforms share: a plan made of its matrices and an algorithm, and a
// transform made of functions.
#pragma once
#include <functional>

#include "transforms/algorithm.hpp"
#include "transforms/transform.hpp"

namespace tubal {

/// Everything that a plan states. `matrix` may stay empty for a real L (then it is F).
struct PlanParts {
  std::vector<Slice> slices;
  double scale = 1;
  Matrix forward, inverse;            // F, F^-1 [p, p]
  Tensor<Complex, 2> matrix;          // the full L [p, p]
  std::unique_ptr<Algorithm> scheme;  // faster than the p x p product, if there is one
  std::function<bool(std::size_t m, std::size_t scalar_size)> scheme_wins;  // where; empty: everywhere
};

std::unique_ptr<TransformPlan> make_plan(PlanParts parts);

/// f_k = k/(p-1), 0 for p = 1.
std::vector<double> even_frequencies(int p);
/// Parts of a real orthogonal L: F^-1 = F^T, scale 1, one real slice a row.
PlanParts orthogonal_parts(Matrix L, const std::vector<double>& frequency);

/// A fixed transform: a name, what it refuses beyond p < 1 (may be empty), and its parts.
std::unique_ptr<Transform> fixed_transform(std::string name, std::function<PlanParts(int p)> parts,
                                           std::function<std::optional<std::string>(int p)> refuses = {});

/// The refusal of p < 1 that all transforms share.
std::optional<std::string> refuses_below_one(const std::string& name, int p);
/// Throws the refusal as UsageError.
void require_accepted(const Transform& transform, int p);

}  // namespace tubal
