// A study's cells side by side: figures over seeds, paired differences to the baseline, Pareto fronts.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/compare/measure.hpp"
#include "analysis/read/study.hpp"
#include "analysis/statistics/cells.hpp"

namespace tubal::analysis {

struct CellResult {
  std::size_t cell = 0;                // in Study::cells
  std::size_t planned = 0, seeds = 0;  // trials of the cell; those with a figure
  double mean, deviation;              // mean and sample deviation over the seeds, as stored
  std::vector<double> beside;          // means in Comparison::beside
  statistics::Interval interval;       // bootstrap over seeds
  double encoder, total, compression;  // parameters; baseline's encoder over this one's
  double seconds, memory;              // mean, by the clock; largest, in bytes
  double processor;                    // mean, seconds of processor; NaN where trials did not record it
  double flops, speed;                 // means: operations of a trial; tokens trained a second
  long reference = -1;                 // cell it is compared with; -1: it is the baseline, or there is none
  std::size_t pairs = 0;               // seeds that both have
  double difference;                   // mean over the pairs, this minus the baseline
  statistics::Interval difference_interval;
  double p, p_holm;                                  // exact sign-flip; corrected over all compared cells
  statistics::Interval student, difference_student;  // by Student's t, of mean and difference
  double wilcoxon;                                   // exact signed rank p, not corrected
  double improvement;  // probability that a seed of this cell beats one of the baseline
  statistics::Interval improvement_interval;
  std::optional<statistics::NonInferiority> non_inferiority;  // where a margin was given
  double p_non_inferiority;                                   // its p, Holm over all compared cells
  std::optional<statistics::McNemar> mcnemar;  // first = this cell; add_mcnemar() fills it, over
  std::size_t mcnemar_pairs = 0;               // so many pairs of trials
  std::vector<std::string> notes;              // on this cell alone: left out, not paired, too few
  bool front_parameters = false, front_seconds = false;
};

struct Comparison {
  Measure measure;
  double level = 0.95;
  std::vector<CellResult> results;  // as Study::cells
  std::vector<std::string> notes;   // what a reader must know before believing the table
  std::vector<Measure> beside;      // shown beside the measure, not tested
};

/// Each cell is compared with the baseline cell that shares most of its swept values, on the seeds that both
/// have; only complete trials count. Differences keep their sign; what is better follows the metric's
/// direction. `margin` (of non-inferiority) in the unit of what is stored.
Comparison compare(const Study& study, const Measure& measure, double level = 0.95,
                   std::optional<double> margin = {});
/// By measure_of(study, metric).
Comparison compare(const Study& study, const std::string& metric = "", double level = 0.95,
                   std::optional<double> margin = {});

/// Of the results that have seeds, the one with the best mean; -1 for none.
long best_of(const Comparison& comparison, const std::vector<CellResult>& results);

}  // namespace tubal::analysis
