// Intervals of shares that were counted over examples.
#pragma once
#include <limits>

namespace tubal::statistics {

/// NaN at both ends where it is not known.
struct Interval {
  double low = std::numeric_limits<double>::quiet_NaN(), high = std::numeric_limits<double>::quiet_NaN();
};

/// Wilson's score interval of a proportion `right` of n (n >= 1) at `level` (Wilson 1927).
Interval wilson(long right, long n, double level);

/// Interval of (gained - lost) / n for n paired examples, `lost` of which were right and became wrong and
/// `gained` the other way round: Wald's with one added to both (Bonett and Price 2012).
Interval bonett_price(long lost, long gained, long n, double level);

}  // namespace tubal::statistics
