#include "analysis/statistics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "analysis/statistics/nan.hpp"

namespace tubal::statistics {

bool all_finite(std::span<const double> x) {
  return std::all_of(x.begin(), x.end(), [](double v) { return std::isfinite(v); });
}

// SplitMix64 (Steele, Lea and Flood 2014): enough for resampling, the same on every machine.
struct Stream {
  std::uint64_t state;
  std::uint64_t next() {
    std::uint64_t z = (state += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
};

double mean(std::span<const double> x) {
  return x.empty() ? nan : std::accumulate(x.begin(), x.end(), 0.) / static_cast<double>(x.size());
}

double deviation(std::span<const double> x) {
  if (x.size() < 2) return nan;
  const double m = mean(x);
  double s = 0;
  for (const double v : x) s += (v - m) * (v - m);
  return std::sqrt(s / static_cast<double>(x.size() - 1));
}

double quantile(std::span<const double> sorted, double q) {
  const double at = q * static_cast<double>(sorted.size() - 1);
  const auto i = static_cast<std::size_t>(at);
  return i + 1 < sorted.size() ? sorted[i] + (at - static_cast<double>(i)) * (sorted[i + 1] - sorted[i])
                               : sorted.back();
}

Interval bootstrap_mean(std::span<const double> x, double level, int resamples, std::uint64_t seed) {
  const std::size_t n = x.size();
  if (n < 2 || !all_finite(x)) return {nan, nan};
  std::vector<double> means;
  if (n <= 6) {
    std::vector<std::size_t> pick(n, 0);  // an odometer over all n^n resamples
    for (bool more = true; more;) {
      double sum = 0;
      for (const std::size_t i : pick) sum += x[i];
      means.push_back(sum / static_cast<double>(n));
      std::size_t d = 0;
      while (d < n && ++pick[d] == n) pick[d++] = 0;
      more = d < n;
    }
  } else {
    Stream random{seed};
    for (int r = 0; r < resamples; ++r) {
      double sum = 0;
      for (std::size_t i = 0; i < n; ++i) sum += x[random.next() % n];
      means.push_back(sum / static_cast<double>(n));
    }
  }
  std::sort(means.begin(), means.end());
  return {quantile(means, (1 - level) / 2), quantile(means, (1 + level) / 2)};
}

double sign_flip(std::span<const double> differences, std::uint64_t seed) {
  const std::size_t n = differences.size();
  if (n == 0 || !all_finite(differences)) return nan;
  double observed = 0, scale = 0;
  for (const double d : differences) {
    observed += d;
    scale += std::abs(d);
  }
  const double reach = std::abs(observed) - 1e-12 * scale;  // ties must not hang on rounding
  const auto reaches = [&](std::uint64_t signs) {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += signs >> i & 1 ? -differences[i] : differences[i];
    return std::abs(sum) >= reach;
  };
  if (n <= 20) {
    const std::uint64_t patterns = std::uint64_t{1} << n;
    std::uint64_t hits = 0;
    for (std::uint64_t s = 0; s < patterns; ++s) hits += reaches(s);
    return static_cast<double>(hits) / static_cast<double>(patterns);
  }
  Stream random{seed};
  long hits = 1;
  for (int r = 1; r < 100000; ++r) {
    double sum = 0;
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < n; ++i) {
      if (i % 64 == 0) bits = random.next();
      sum += bits >> (i % 64) & 1 ? -differences[i] : differences[i];
    }
    hits += std::abs(sum) >= reach;
  }
  return static_cast<double>(hits) / 100000.;
}

std::vector<double> holm(std::span<const double> p) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < p.size(); ++i)
    if (!std::isnan(p[i])) order.push_back(i);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  std::vector<double> corrected(p.size(), nan);
  double largest = 0;
  for (std::size_t r = 0; r < order.size(); ++r) {
    largest = std::max(largest, std::min(1., static_cast<double>(order.size() - r) * p[order[r]]));
    corrected[order[r]] = largest;
  }
  return corrected;
}

std::vector<bool> pareto(std::span<const double> cost, std::span<const double> value) {
  std::vector<bool> front(cost.size());
  for (std::size_t i = 0; i < cost.size(); ++i) {
    front[i] = !std::isnan(cost[i]) && !std::isnan(value[i]);
    for (std::size_t j = 0; j < cost.size() && front[i]; ++j)
      front[i] = !(cost[j] <= cost[i] && value[j] >= value[i] && (cost[j] < cost[i] || value[j] > value[i]));
  }
  return front;
}

}  // namespace tubal::statistics
