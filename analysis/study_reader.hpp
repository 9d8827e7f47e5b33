// A study's folder as rows, cells and curves. Reads study.h5 and trial.h5 (core/layout.hpp), nothing else.
//
// What is not there is said: a trial that failed, diverged or has not finished has NaN for its figures,
// belongs to its cell all the same, and is named in Study::troubles().
#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/hdf5.hpp"
#include "core/layout.hpp"

namespace tubal::analysis {

/// One column of /trials.
struct Column {
  char type = 's';                 // f, i or s, as in the file
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
  std::vector<std::string> values;  // of the swept keys; "–" where a value has no effect (p = 1: transform)
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
  /// Every trial that enters no figure, one line each: cell, seed, state, cause.
  std::vector<std::string> troubles() const;
  /// What lies in the study beside `rows`, and how to see it; which of it has the configuration of one of
  /// `rows` and read other data. Empty where there is nothing.
  std::vector<std::string> outside() const;
};

/// Which trials of a study are spoken of.
struct Selection {
  bool all = false;       // also those outside the current grid
  bool mix_data = false;  // with every trial those of the same configuration on other data, in one cell
  std::string task;       // these alone: classification or language_model; "": of either
};

/// Throws UsageError where there is no study.h5, Error where it is damaged or of a later format. `image`: the
/// bytes of study.h5 as it should be now, in the place of the file.
Study read_study(const layout::StudyFolder& folder, const Selection& selection = {},
                 const std::optional<std::string>& image = {});

/// A trial's curves and test part. Absent groups are empty.
struct TrialCurves {
  std::vector<double> epoch;
  std::map<std::string, std::vector<double>> metrics;  // step, train_loss, ..., seconds, each [epochs]
  std::vector<std::string> classes;
  std::vector<double> confusion;  // [classes, classes], rows are true classes
};
/// Throws Error where trial.h5 is damaged; an absent file gives empty curves.
TrialCurves read_curves(const layout::TrialFolder& trial);

/// What n-grams make of a language model's data. Empty where trial.h5 has no /baselines.
struct NgramBaselines {
  std::vector<std::string> names;                      // unigram, 2-gram, ...
  std::map<std::string, std::vector<double>> figures;  // validation_loss, ..., each [names]
  bool operator==(const NgramBaselines&) const = default;
};
/// Throws Error where its data sets differ in length.
NgramBaselines read_baselines(const layout::TrialFolder& trial);

/// Classes of the test part, [examples]. Empty where the trial was not tested.
struct TestPredictions {
  std::vector<int> labels, predictions;
};
TestPredictions read_predictions(const layout::TrialFolder& trial);

/// /transform and /spectrum of trial.h5. Absent groups are empty.
struct TrialSlices {
  int p = 0;
  std::vector<double> transform_epoch, matrix;           // [epochs], [epochs, p, p]: real part
  std::map<std::string, std::vector<double>> transform;  // drift_from_init, ...: [transform epochs]
  std::vector<double> epoch, frequency;                  // [epochs], [slices]
  std::size_t layers = 0, slices = 0;
  std::map<std::string, std::vector<double>> spectrum;  // energy, ...: [epochs, layers, slices]
};
TrialSlices read_slices(const layout::TrialFolder& trial);

}  // namespace tubal::analysis
