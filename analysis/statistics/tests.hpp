// Tests and intervals beyond statistics.hpp: Wilcoxon, McNemar, probability of improvement, Student's t,
// non-inferiority. Pure functions; a value that is not finite gives NaN, never a figure.
#pragma once
#include <cstdint>
#include <span>

#include "analysis/statistics/statistics.hpp"

namespace tubal::statistics {

/// Two-sided exact Wilcoxon signed rank test of paired differences: zeros are left out, equal sizes share
/// their middle rank, and the distribution is that of these very ranks under random signs (exact with ties
/// too). Sizes within 1e-12 of the largest are equal. NaN where no difference is left.
double wilcoxon(std::span<const double> differences);

/// Student's t interval of the mean; NaN for fewer than two values.
Interval t_interval(std::span<const double> x, double level = 0.95);

/// Two classifiers on the same items, by who is right.
struct McNemar {
  long both = 0, only_first = 0, only_second = 0, neither = 0;
  double exact =
      1;           // two-sided binomial p over the items on which one alone is right; 1 where there are none
  double mid = 1;  // mid-p: less conservative, close to its nominal level (Fagerland, Lydersen, Laake 2013)
};
/// Throws UsageError where the three differ in length. Items pooled over seeds repeat, so they
/// are not independent: the p of a pooled test is about these trained models, not about
/// training again; callers say so.
McNemar mcnemar(std::span<const int> labels, std::span<const int> first, std::span<const int> second);
/// From the two counts that matter; throws UsageError where one is negative.
McNemar mcnemar(long only_first, long only_second);

/// P(X > Y) + P(X = Y)/2 over all pairs of a value of x and one of y (Agarwal et al.
/// 2021): 1/2 is no difference.
double probability_of_improvement(std::span<const double> x, std::span<const double> y);
/// Percentile bootstrap of it, x and y resampled apart. NaN for fewer than two values in either.
Interval bootstrap_improvement(std::span<const double> x, std::span<const double> y, double level = 0.95,
                               int resamples = 20000, std::uint64_t seed = 0);

/// Is the mean difference above -margin? Parity is shown by this, not by a test that
/// fails to find a difference.
struct NonInferiority {
  double margin = 0;
  double bound;        // one-sided lower confidence bound of the mean difference, by Student's t
  double p;            // of "the mean difference is -margin or worse", by Student's t; of n equal ones
                       // above it 2^-n, by the sign test
  bool shown = false;  // p < 1 - level; but for equal differences the same as bound > -margin
};
/// But for rounding: of differences of two accuracies, a billionth of the largest.
bool all_equal(std::span<const double> differences);
/// `margin` > 0 in the units of the differences, "higher is better"; throws UsageError otherwise. NaN and not
/// shown for fewer than two differences.
NonInferiority non_inferiority(std::span<const double> differences, double margin, double level = 0.95);

}  // namespace tubal::statistics
