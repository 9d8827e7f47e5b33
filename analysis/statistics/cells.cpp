#include "analysis/statistics/cells.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>

#include "core/error.hpp"

namespace tubal::statistics {

namespace {

std::string number(double x) {
  std::ostringstream text;
  text.precision(3);
  text << x;
  return text.str();
}
std::string count(int n, const std::string& what) {
  return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

// The usable values by seed; everything else goes into the notes by name.
std::map<long, double> usable(std::span<const SeedResult> cell, const std::string& whose,
                              std::vector<std::string>& notes) {
  std::map<long, double> values;
  std::map<long, bool> seen;
  std::vector<std::string> left_out;
  for (const SeedResult& trial : cell) {
    if (seen[trial.seed])
      throw UsageError("seed " + std::to_string(trial.seed) +
                       " comes twice in a cell: trials of one cell differ in the seed alone, so one of them "
                       "belongs elsewhere");
    seen[trial.seed] = true;
    if (trial.state != "complete")
      left_out.push_back("seed " + std::to_string(trial.seed) + " (" + trial.state + ")");
    else if (!std::isfinite(trial.value))
      left_out.push_back("seed " + std::to_string(trial.seed) +
                         " (complete, but its figure is not a finite number)");
    else
      values[trial.seed] = trial.value;
  }
  if (!left_out.empty()) notes.push_back("left out" + whose + ": " + join(left_out));
  return values;
}

std::vector<double> values_of(const std::map<long, double>& cell) {
  std::vector<double> values;
  for (const auto& [seed, value] : cell) values.push_back(value);
  return values;
}

void note_few(int n, const std::string& what, double level, std::vector<std::string>& notes) {
  if (n == 0) notes.push_back("no " + what + " to speak of: no figure");
  if (n == 1) notes.push_back("one " + what + ": no deviation, no interval");
  if (n >= 2 && n < 10)
    notes.push_back(count(n, what) + ": the bootstrap interval covers less than its nominal " +
                    number(100 * level) + " %; Student's t is safer");
}

}  // namespace

CellSummary summarise(std::span<const SeedResult> cell, const Options& options) {
  CellSummary y;
  y.planned = static_cast<int>(cell.size());
  const std::vector<double> x = values_of(usable(cell, "", y.notes));
  y.used = static_cast<int>(x.size());
  y.mean = mean(x);
  y.deviation = deviation(x);
  y.interval = bootstrap_mean(x, options.level, options.resamples, options.seed);
  y.student = t_interval(x, options.level);
  note_few(y.used, "finished seed", options.level, y.notes);
  return y;
}

Comparison compare(std::span<const SeedResult> cell, std::span<const SeedResult> baseline,
                   const Options& options) {
  Comparison y;
  const std::map<long, double> a = usable(cell, "", y.notes),
                               b = usable(baseline, " of the baseline", y.notes);
  std::vector<double> d;
  std::vector<std::string> alone;
  for (const auto& [seed, value] : a)
    if (const auto other = b.find(seed); other != b.end())
      d.push_back(value - other->second);
    else
      alone.push_back(std::to_string(seed));
  if (!alone.empty()) y.notes.push_back("not paired, the baseline has no figure for seed " + join(alone));
  alone.clear();
  for (const auto& [seed, value] : b)
    if (!a.contains(seed)) alone.push_back(std::to_string(seed));
  if (!alone.empty()) y.notes.push_back("not paired, this cell has no figure for seed " + join(alone));

  const int n = y.pairs = static_cast<int>(d.size());
  y.difference = mean(d);
  y.deviation = deviation(d);
  y.interval = bootstrap_mean(d, options.level, options.resamples, options.seed);
  y.student = t_interval(d, options.level);
  y.sign_flip = sign_flip(d, options.seed);
  y.wilcoxon = wilcoxon(d);
  note_few(n, "pair", options.level, y.notes);
  const auto zeros = std::count(d.begin(), d.end(), 0.);
  if (n > 0 && zeros == n)
    y.notes.push_back("every difference is 0");
  else if (zeros > 0)
    y.notes.push_back(count(static_cast<int>(zeros), "difference") + " of 0: left out by Wilcoxon's test");
  if (const double least = std::ldexp(2., -n); n > 0 && least > 1 - options.level)
    y.notes.push_back("too few pairs for significance: with " + std::to_string(n) +
                      " no sign-flip p can be below " + number(std::min(1., least)));
  if (n > 20) y.notes.push_back("sign-flip p from 100,000 random patterns of signs, not from all");

  std::vector<double> x = values_of(a), base = values_of(b), better = d;
  if (!options.higher_is_better)
    for (std::vector<double>* values : {&x, &base, &better})
      for (double& v : *values) v = -v;
  y.improvement = probability_of_improvement(x, base);
  y.improvement_interval = bootstrap_improvement(x, base, options.level, options.resamples, options.seed);
  if (options.margin) {
    y.non_inferiority = non_inferiority(better, *options.margin, options.level);
    if (n < 2) y.notes.push_back("non-inferiority needs at least 2 pairs");
    if (n > 1 && all_equal(d))
      y.notes.push_back("all differences are equal: non-inferiority by the sign test, p = 2^-pairs");
  }
  return y;
}

}  // namespace tubal::statistics
