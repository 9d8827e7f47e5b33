// Series of several trials as one: mean, lowest and highest over the seeds, at no more positions than a
// picture shows.
#pragma once
#include <algorithm>
#include <cstddef>
#include <limits>
#include <set>
#include <vector>

namespace tubal::analysis {

/// Five digits, enough for a picture; NaN where x is not finite.
double rounded(double x);
/// At most `most` of n positions, evenly spaced, the first and the last among them.
std::vector<std::size_t> thinned(std::size_t n, std::size_t most);

/// Mean, lowest and highest of values that come one by one; what is not finite is left out.
struct Range {
  std::size_t n = 0;
  double sum = 0, low = std::numeric_limits<double>::infinity(), high = -low;
  void add(double x);
  double mean() const;  // NaN without values
};

struct Ranges {
  std::vector<double> mean, low, high;  // rounded; NaN where there was no value
  bool any = false;
  void add(const Range& range);
};

/// Where `e` stands in `epochs`; their number where it does not.
std::size_t position(const std::vector<double>& epochs, double e);

/// Epochs that any trial has, rising, thinned; `epochs` gives those of one.
template <class Trial, class Epochs>
std::vector<double> all_epochs(const std::vector<Trial>& trials, Epochs epochs, std::size_t most) {
  std::set<double> all;
  for (const Trial& t : trials) all.insert(epochs(t).begin(), epochs(t).end());
  const std::vector<double> sorted(all.begin(), all.end());
  std::vector<double> kept;
  for (const std::size_t i : thinned(sorted.size(), most)) kept.push_back(sorted[i]);
  return kept;
}

/// One series of each trial over the epochs `at`; `values` gives that of one, or null.
template <class Trial, class Epochs, class Values>
Ranges over_seeds(const std::vector<Trial>& trials, const std::vector<double>& at, Epochs epochs,
                  Values values) {
  Ranges out;
  for (const double e : at) {
    Range r;
    for (const Trial& t : trials) {
      const std::vector<double>* v = values(t);
      if (const std::size_t i = position(epochs(t), e); v && i < v->size()) r.add((*v)[i]);
    }
    out.add(r);
  }
  return out;
}

}  // namespace tubal::analysis
