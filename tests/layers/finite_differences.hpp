// Jacobian products against central differences, in double: what every room of the stack is held to.
#pragma once
#include <algorithm>
#include <cmath>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/random.hpp"

namespace tubal::test {

inline std::vector<double> normals(std::size_t n, std::uint64_t seed, double size = 1) {
  const RandomStream random(seed, Purpose::test);
  std::vector<double> x(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = size * random.normal(i);
  return x;
}

inline double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// What a loss depends on, and the gradient that is claimed for it.
struct Claim {
  std::string name;
  std::span<double> x;
  std::span<const double> gradient;
};

struct Disagreement {
  double error = 0;  // the largest |claimed - central difference| over the largest gradient in its claim
  std::string where;
  std::size_t compared = 0;
};

/// Moves every number of every claim by +-h and asks for the loss. Differences of fourth order, h = 1e-3 of
/// unit numbers: their own error is about 1e-12, rounding 1e-13 of the loss. NaN is infinite.
inline Disagreement disagreement(const std::function<double()>& loss, const std::vector<Claim>& claims) {
  Disagreement worst;
  constexpr double h = 1e-3;
  for (const Claim& claim : claims) {
    double largest = 1e-3;
    std::vector<double> difference(claim.x.size());
    for (std::size_t i = 0; i < claim.x.size(); ++i) {
      const double x = claim.x[i];
      const auto at = [&](double step) {
        claim.x[i] = x + step * h;
        return loss();
      };
      const double slope = (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * h);
      claim.x[i] = x;
      difference[i] = std::abs(slope - claim.gradient[i]);
      largest = std::max(largest, std::abs(slope));
      ++worst.compared;
    }
    for (std::size_t i = 0; i < difference.size(); ++i) {
      const double error = difference[i] / largest;
      if (error <= worst.error) continue;
      worst.error = std::isnan(error) ? INFINITY : error;
      worst.where = claim.name + "[" + std::to_string(i) + "]";
    }
  }
  return worst;
}

}  // namespace tubal::test
