// Hartley: L[k,l] = (cos + sin)(2 pi k l / p) / sqrt(p); symmetric, its own inverse.
#include <cmath>
#include <numbers>

#include "transforms/fast.hpp"
#include "transforms/plan.hpp"

namespace tubal {

static PlanParts hartley_parts(int p) {
  const std::size_t n = static_cast<std::size_t>(p);
  Matrix L = Matrix::from_shape({n, n});
  std::vector<double> frequency(n, 0.0);
  for (int k = 0; k < p; ++k) {
    if (p > 1) frequency[k] = static_cast<double>(std::min(k, p - k)) / (p / 2);
    for (int l = 0; l < p; ++l) {
      const double angle = 2 * std::numbers::pi * static_cast<double>(static_cast<long long>(k) * l % p) / p;
      L(k, l) = (std::cos(angle) + std::sin(angle)) / std::sqrt(static_cast<double>(p));
    }
  }
  PlanParts parts = orthogonal_parts(std::move(L), frequency);
  add_fast_scheme("hartley", parts);
  return parts;
}

std::unique_ptr<Transform> make_hartley(const TransformSpec&) {
  return fixed_transform("hartley", hartley_parts);
}

}  // namespace tubal
