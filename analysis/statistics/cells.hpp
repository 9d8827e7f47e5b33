// What can be said of a cell, and of a cell against the baseline, from trials that differ in the
// seed alone. Every result carries notes: what was left out and what the figures cannot show.
// Nothing is averaged over silently.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/statistics/tests.hpp"

namespace tubal::statistics {

/// One trial of a cell. `state` as in the study (core/layout_entries.hpp): "complete" counts, anything else
/// is left out by name ("planned", "running", "failed", "diverged", "missing").
struct SeedResult {
  long seed = 0;
  std::string state;
  double value = 0;  // of a complete trial; one that is not finite is left out and named too
};

struct Options {
  double level = 0.95;
  int resamples = 20000;
  std::uint64_t seed = 0;        // of resampling
  std::optional<double> margin;  // of non-inferiority, in the units of the values
  bool higher_is_better = true;  // false (loss, seconds): differences keep their sign, "better" turns round
};

struct CellSummary {
  int planned = 0, used = 0;
  double mean, deviation;
  Interval interval;  // percentile bootstrap; NaN below two values, too narrow below about ten
  Interval student;  // by Student's t: right for normal values however few, wide where there are two or three
  std::vector<std::string> notes;
};
/// Throws UsageError where a seed comes twice.
CellSummary summarise(std::span<const SeedResult> cell, const Options& options = {});

/// Cell minus baseline, paired by seed.
struct Comparison {
  int pairs = 0;
  double difference, deviation;  // mean and sample deviation of the differences
  Interval interval;             // percentile bootstrap over pairs
  Interval student;              // by Student's t
  double sign_flip, wilcoxon;    // two-sided p
  double improvement;  // probability that a seed of the cell beats one of the baseline, all complete seeds
  Interval improvement_interval;
  std::optional<NonInferiority> non_inferiority;  // where a margin was given
  std::vector<std::string> notes;
};
/// Throws UsageError where a seed comes twice in a cell.
Comparison compare(std::span<const SeedResult> cell, std::span<const SeedResult> baseline,
                   const Options& options = {});

}  // namespace tubal::statistics
