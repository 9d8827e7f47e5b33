// What a trial's trial.h5 (core/layout_entries.hpp) holds: curves, test part, slices, provenance.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "core/layout.hpp"

namespace tubal::analysis {

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

/// Attributes of /provenance, without the configuration; empty where the file has none.
std::map<std::string, std::string> read_provenance(const layout::TrialFolder& trial);

}  // namespace tubal::analysis
