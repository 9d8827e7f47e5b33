#include "analysis/statistics/tests.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <string>

#include "analysis/statistics/nan.hpp"
#include "core/error.hpp"
#include "core/random.hpp"

namespace tubal::statistics {

double wilcoxon(std::span<const double> differences) {
  if (!all_finite(differences)) return nan;
  double largest = 0;
  for (const double d : differences) largest = std::max(largest, std::abs(d));
  const double tie = 1e-12 * largest;
  std::vector<double> d;
  for (const double v : differences)
    if (std::abs(v) > tie) d.push_back(v);
  const std::size_t n = d.size();
  if (n == 0) return nan;
  std::sort(d.begin(), d.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });

  std::vector<double> chance(n * (n + 1) + 1, 0.);  // of twice the sum of the positive ranks
  chance[0] = 1;
  std::size_t observed = 0, reach = 0;
  for (std::size_t i = 0; i < n;) {
    std::size_t end = i + 1;
    while (end < n && std::abs(d[end]) - std::abs(d[end - 1]) <= tie) ++end;
    const std::size_t rank = i + 1 + end;  // twice the mean of ranks i+1..end
    for (; i < end; ++i) {
      if (d[i] > 0) observed += rank;
      reach += rank;
      for (std::size_t w = reach + 1; w-- > 0;)
        chance[w] = (chance[w] + (w >= rank ? chance[w - rank] : 0.)) / 2;
    }
  }
  double below = 0, above = 0;
  for (std::size_t w = 0; w <= reach; ++w) {
    if (w <= observed) below += chance[w];
    if (w >= observed) above += chance[w];
  }
  return std::min(1., 2 * std::min(below, above));
}

Interval t_interval(std::span<const double> x, double level) {
  const double n = static_cast<double>(x.size());
  if (n < 2 || !all_finite(x)) return {nan, nan};
  const double t = boost::math::quantile(boost::math::students_t(n - 1), (1 + level) / 2);
  const double half = t * deviation(x) / std::sqrt(n);
  return {mean(x) - half, mean(x) + half};
}

McNemar mcnemar(long only_first, long only_second) {
  if (only_first < 0 || only_second < 0)
    throw UsageError("McNemar's test takes counts of at least 0; found " + std::to_string(only_first) +
                     " and " + std::to_string(only_second));
  McNemar y;
  y.only_first = only_first;
  y.only_second = only_second;
  const long n = only_first + only_second, k = std::min(only_first, only_second);
  if (n == 0) return y;
  const boost::math::binomial half(static_cast<double>(n), 0.5);
  const double tail = boost::math::cdf(half, static_cast<double>(k));
  y.exact = std::min(1., 2 * tail);
  y.mid = std::min(1., 2 * tail - boost::math::pdf(half, static_cast<double>(k)));
  return y;
}

McNemar mcnemar(std::span<const int> labels, std::span<const int> first, std::span<const int> second) {
  if (labels.size() != first.size() || labels.size() != second.size())
    throw UsageError("McNemar's test needs both predictions of every item; found " +
                     std::to_string(labels.size()) + " labels, " + std::to_string(first.size()) + " and " +
                     std::to_string(second.size()) + " predictions");
  long count[2][2] = {};
  for (std::size_t i = 0; i < labels.size(); ++i) ++count[first[i] == labels[i]][second[i] == labels[i]];
  McNemar y = mcnemar(count[1][0], count[0][1]);
  y.both = count[1][1];
  y.neither = count[0][0];
  return y;
}

namespace {

// Pairs (x, y) are won by their order alone: each value stands for its place among the distinct values of
// both, and a sample for how often it has each place, so that n x n pairs cost n steps.
struct Places {
  std::vector<std::size_t> x, y;
  std::size_t count = 0;
};

Places places_of(std::span<const double> x, std::span<const double> y) {
  std::vector<double> all(x.begin(), x.end());
  all.insert(all.end(), y.begin(), y.end());
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  Places p;
  const auto place = [&](double v) {
    return static_cast<std::size_t>(std::lower_bound(all.begin(), all.end(), v) - all.begin());
  };
  for (const double v : x) p.x.push_back(place(v));
  for (const double v : y) p.y.push_back(place(v));
  p.count = all.size();
  return p;
}

// Of samples with so many values at each place; sums of halves are exact.
double improvement(std::span<const double> x, std::span<const double> y, double pairs) {
  double wins = 0, below = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    wins += x[k] * (below + 0.5 * y[k]);
    below += y[k];
  }
  return wins / pairs;
}

}  // namespace

double probability_of_improvement(std::span<const double> x, std::span<const double> y) {
  if (x.empty() || y.empty() || !all_finite(x) || !all_finite(y)) return nan;
  const Places p = places_of(x, y);
  std::vector<double> a(p.count, 0.), b(p.count, 0.);
  for (const std::size_t k : p.x) ++a[k];
  for (const std::size_t k : p.y) ++b[k];
  return improvement(a, b, static_cast<double>(x.size() * y.size()));
}

Interval bootstrap_improvement(std::span<const double> x, std::span<const double> y, double level,
                               int resamples, std::uint64_t seed) {
  if (x.size() < 2 || y.size() < 2 || !all_finite(x) || !all_finite(y)) return {nan, nan};
  const RandomStream random(seed, Purpose::sample, 1);
  std::uint64_t index = 0;
  const Places p = places_of(x, y);
  std::vector<double> a(p.count), b(p.count), values;
  for (int r = 0; r < resamples; ++r) {
    std::fill(a.begin(), a.end(), 0.);
    std::fill(b.begin(), b.end(), 0.);
    for (std::size_t i = 0; i < x.size(); ++i) ++a[p.x[random.below(x.size(), index++)]];
    for (std::size_t i = 0; i < y.size(); ++i) ++b[p.y[random.below(y.size(), index++)]];
    values.push_back(improvement(a, b, static_cast<double>(x.size() * y.size())));
  }
  std::sort(values.begin(), values.end());
  return {quantile(values, (1 - level) / 2), quantile(values, (1 + level) / 2)};
}

bool all_equal(std::span<const double> x) {
  if (x.empty()) return true;
  const auto [least, most] = std::ranges::minmax(x);
  return most - least <= 1e-9 * std::max(std::abs(least), std::abs(most));
}

NonInferiority non_inferiority(std::span<const double> differences, double margin, double level) {
  if (!(margin > 0) || !std::isfinite(margin))
    throw UsageError(
        "the margin of non-inferiority must be above 0, in the units of the figure (0.01 for one "
        "point of accuracy)");
  const double n = static_cast<double>(differences.size());
  NonInferiority y{margin, nan, nan, false};
  if (n < 2 || !all_finite(differences)) return y;
  const boost::math::students_t t(n - 1);
  const double error = deviation(differences) / std::sqrt(n), m = mean(differences);
  y.bound = m - boost::math::quantile(t, level) * error;
  if (!all_equal(differences))
    y.p = boost::math::cdf(boost::math::complement(t, (m + margin) / error));
  else  // All differences equal: Student's t would call two of them certain. The sign test needs no spread.
    y.p = m > -margin ? std::exp2(-n) : 1;
  y.shown = y.p < 1 - level;
  return y;
}

}  // namespace tubal::statistics
