// What a report takes from the trial.h5 of a cell's trials: curves, confusion, slices, transforms,
// provenance. Seeds are put together here, so that the report's size grows with cells and not with steps.
#pragma once
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "analysis/study_reader.hpp"

namespace tubal::analysis {

using Json = nlohmann::ordered_json;

/// Five digits, enough for a picture; null for NaN.
Json brief(double x);
/// At most `most` of n positions, evenly spaced, the first and the last among them.
std::vector<std::size_t> thinned(std::size_t n, std::size_t most);

/// One complete trial.
struct TrialFigures {
  long seed = 0;
  std::string id;
  TrialCurves curves;
  TrialSlices slices;
};

/// {epoch, step (optimiser steps done by then), seeds (how many reached it), train_loss: {mean, low, high},
/// validation_accuracy: ...}: mean, lowest and highest over the seeds, at most `most` epochs. Empty without
/// curves.
Json curves_of_cell(const std::vector<TrialFigures>& trials, std::size_t most);
/// {counts: [classes, classes], seeds}: test examples over all seeds, rows are true classes. Empty where no
/// trial has one.
Json confusion_of_cell(const std::vector<TrialFigures>& trials);
/// {epoch, frequency, layers, seeds, values: {energy: [epochs, layers, slices]}}: means over seeds of what is
/// there; at most `most` numbers: fewer epochs first, then the mean over layers (`layers` = 0).
Json spectra_of_cell(const std::vector<TrialFigures>& trials, std::size_t most);
/// {p, seed, id, start, end: [p, p], epoch, drift: {mean, low, high}, orthogonality: ..., angle: ...} of a
/// cell whose L moved; the matrices are of the first seed. Empty where L stayed as it was.
Json learned_transform_of_cell(const std::vector<TrialFigures>& trials);

/// Attributes of /provenance, without the configuration; empty where the file has none.
std::map<std::string, std::string> read_provenance(const layout::TrialFolder& trial);

/// Test accuracy with slices of L set to zero, as `tubal ablate` measured it.
struct Ablation {
  std::vector<std::string> name, slices;  // "none", "slice 0", "lowest 2"; "0,1": the slices that were zeroed
  std::vector<double> accuracy, low, high;
};
/// Empty where the trial has no ablation.h5.
Ablation read_ablation(const layout::TrialFolder& trial);

}  // namespace tubal::analysis
