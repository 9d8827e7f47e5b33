#include "core/intervals.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

namespace tubal::statistics {

static double two_sided(double level) {
  return boost::math::quantile(boost::math::normal(), 0.5 + level / 2);
}

Interval wilson(long right, long count, double level) {
  const double n = static_cast<double>(count), share = static_cast<double>(right) / n, z = two_sided(level),
               centre = (share + z * z / (2 * n)) / (1 + z * z / n),
               half = z / (1 + z * z / n) * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  return {right == 0 ? 0 : centre - half, right == count ? 1 : centre + half};
}

Interval bonett_price(long lost, long gained, long count, double level) {
  const double n = static_cast<double>(count) + 2, a = static_cast<double>(gained + 1) / n,
               b = static_cast<double>(lost + 1) / n,
               half = two_sided(level) * std::sqrt((a + b - (a - b) * (a - b)) / n);
  return {std::max(-1., a - b - half), std::min(1., a - b + half)};
}

}  // namespace tubal::statistics
