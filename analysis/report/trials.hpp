// What a report takes from the trial.h5 of a cell's trials beside curves: confusion, slices, transforms.
// Seeds are put together here, so that the report's size grows with cells and not with steps.
#pragma once
#include <string>
#include <vector>

#include "analysis/read/trial.hpp"
#include "analysis/report/json.hpp"

namespace tubal::analysis {

/// Five digits, enough for a picture; null for NaN.
Json brief(double x);

/// One complete trial.
struct TrialFigures {
  long seed = 0;
  std::string id;
  const TrialCurves* curves = nullptr;
  TrialSlices slices;
};

/// {counts: [classes, classes], seeds}: test examples over all seeds, rows are true classes. Empty where no
/// trial has one.
Json confusion_of_cell(const std::vector<TrialFigures>& trials);
/// {epoch, frequency, layers, seeds, values: {energy: [epochs, layers, slices]}}: means over seeds of what is
/// there; at most `most` numbers: fewer epochs first, then the mean over layers (`layers` = 0).
Json spectra_of_cell(const std::vector<TrialFigures>& trials, std::size_t most);
/// {p, seed, id, start, end: [p, p], epoch, drift: {mean, low, high}, orthogonality: ..., angle: ...} of a
/// cell whose L moved; the matrices are of the first seed. Empty where L stayed as it was.
Json learned_transform_of_cell(const std::vector<TrialFigures>& trials);

}  // namespace tubal::analysis
