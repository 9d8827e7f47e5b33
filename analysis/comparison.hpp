// A study's cells side by side: figures over seeds, paired differences to the baseline, Pareto fronts.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/statistics_cells.hpp"
#include "analysis/study_reader.hpp"

namespace tubal::analysis {

struct CellResult {
  std::size_t cell = 0;                // in Study::cells
  std::size_t planned = 0, seeds = 0;  // trials of the cell; those with a figure
  double accuracy, deviation;          // mean and sample deviation over the seeds, in [0, 1]
  statistics::Interval interval;       // bootstrap over seeds
  double encoder, total, compression;  // parameters; baseline's encoder over this one's
  double seconds, memory;              // mean; largest, in bytes
  long reference = -1;                 // cell it is compared with; -1: it is the baseline, or there is none
  std::size_t pairs = 0;               // seeds that both have
  double difference;                   // mean over the pairs, this minus the baseline
  statistics::Interval difference_interval;
  double p, p_holm;                                  // exact sign-flip; corrected over all compared cells
  statistics::Interval student, difference_student;  // by Student's t, of accuracy and of the difference
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
  std::string metric;  // test_accuracy or validation_accuracy
  double level = 0.95;
  std::vector<CellResult> results;  // as Study::cells
  std::vector<std::string> notes;   // what a reader must know before believing the table
};

/// `metric`: an accuracy column of /trials. Each cell is compared with the baseline cell that shares most of
/// its swept values, on the seeds that both have; only complete trials count. `margin` (of non-inferiority)
/// in [0, 1] as the accuracy is.
Comparison compare(const Study& study, const std::string& metric = "test_accuracy", double level = 0.95,
                   std::optional<double> margin = {});

/// McNemar's test of each cell against its baseline, on the test predictions of all pairs of trials with the
/// same seed, pooled. Reads their trial.h5; says in the cell's notes where predictions are missing or the two
/// trials were tested on other texts.
void add_mcnemar(const Study& study, Comparison& comparison);

/// `cell` minus `base` in the metric, for each seed that is complete in both.
std::vector<double> paired_differences(const Study& study, const Cell& cell, const Cell& base,
                                       const std::string& metric);

/// Cells whose trials have the value for every key; `a,b` allows either. Order kept. Throws UsageError for an
/// unknown key, or a value that no trial has.
std::vector<CellResult> filtered(const Study& study, const Comparison& comparison,
                                 const std::vector<std::pair<std::string, std::string>>& filters);
/// By accuracy, difference (falling), encoder, total, seconds, memory, p_holm or a configuration key
/// (rising).
void sort_results(const Study& study, std::vector<CellResult>& results, const std::string& by);

/// The table that `tubal compare` prints; `notes` beneath it.
std::string show(const Study& study, const Comparison& comparison, const std::vector<CellResult>& results);
/// A second table: every test against the baseline, with non-inferiority where a margin was given.
std::string show_tests(const Study& study, const Comparison& comparison,
                       const std::vector<CellResult>& results);
/// Both as JSON text.
std::string to_json(const Study& study, const Comparison& comparison, const std::vector<CellResult>& results);

}  // namespace tubal::analysis
