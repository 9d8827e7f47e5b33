// A study as rows and cells.
//
// What is not there is said: a trial that failed, diverged or has not finished has NaN for its figures,
// belongs to its cell all the same, and is named in Study::troubles().
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/hdf5.hpp"
#include "core/layout.hpp"

namespace tubal::analysis {

/// Stands for the value of a swept key where that has no effect: with p = 1 for the transform.
inline constexpr const char* no_effect = "–";

/// One column of /trials.
struct Column {
  char type = 's';                 // f, i or s, as in the file; s of booleans: true, false
  std::vector<double> numbers;     // f, i; NaN where a trial has none
  std::vector<std::string> texts;  // every type: as people read it; "" where a trial has none
};

struct Row {
  std::string id, status, cause;
  long seed = 0;
  int cell = 0;
  bool baseline = false;
  bool in_grid = true;              // of the study's current grid
  std::string configuration, data;  // digests: equal configurations on unequal data are trials of their own
  bool complete() const { return status == "complete"; }
};

/// Trials that differ in the seed alone.
struct Cell {
  std::string label;                // "p=4 transform=haar"; "all" where nothing is swept
  std::vector<std::string> values;  // of the swept keys, or no_effect
  std::vector<std::size_t> rows;    // by seed
  bool baseline = false;
};

struct Study {
  layout::StudyFolder folder;
  std::string name, created, baseline;  // baseline: as the grid says it; "" for none
  std::vector<std::string> swept;  // keys that differ between trials that they matter to, without the seed
  std::vector<std::string> keys;   // every configuration key
  std::vector<Row> rows;           // those that were chosen
  std::vector<Row> others;         // those that were not: outside the current grid
  bool mixed = false;              // cells hold trials of one configuration on several data
  std::size_t other_task = 0;      // trials that were left out since another task was asked for
  std::vector<Cell> cells;
  std::map<std::string, Column> columns;     // by name in /trials (test_accuracy, model.p, ...), of `rows`
  std::shared_ptr<const hdf5::Reader> file;  // study.h5

  /// Column `name`, NaN where the trial is not complete. Throws UsageError naming the columns there are.
  double figure(const std::string& column, std::size_t row) const;
  const Column& column(const std::string& name) const;
  /// The swept or configuration key that `name` (whole, or an end such as `p`, `transform`) means. Throws
  /// UsageError where none or several fit.
  std::string key(const std::string& name) const;
  /// Whether the trial is of a language model, else of a classifier.
  bool language(std::size_t row) const;
  /// Complete, and with a figure of what its task is judged by first, on either part.
  bool measured(std::size_t row) const;
  /// What a trial that is not `measured` says of itself: "diverged", "complete, but without an accuracy".
  std::string state_of(std::size_t row) const;
  /// Every trial that enters no figure, one line each: cell, seed, state, cause; a
  /// cell's planned ones in one.
  std::vector<std::string> troubles() const;
  /// How many these are, and the commands that go on with them: "61 trials are planned:
  /// `tubal run imdb` goes on."
  std::size_t without_figure() const;
  std::string unfinished() const;
  /// What lies in the study beside `rows`, and how to see it; which of it has the configuration of one of
  /// `rows` and read other data. Empty where there is nothing.
  std::vector<std::string> outside() const;
};

}  // namespace tubal::analysis
