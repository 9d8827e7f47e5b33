// What a report takes from the trials' own files, cell by cell: each complete trial.h5, and ablation.h5.
#pragma once
#include <vector>

#include "analysis/read/study.hpp"
#include "analysis/read/trial.hpp"
#include "analysis/report/json.hpp"

namespace tubal::analysis {

/// Sets spectra, learned and confusion of `report`, and adds what cannot be read to its notes. `curves`: as
/// Study::rows. The larger a study, the less of each cell is kept (spectra_of_cell(), trials.hpp).
void gather_trial_files(const Study& study, const std::vector<TrialCurves>& curves, Json& report);

/// [{name, title, unit, meaning}]: what the data sets of /spectrum are called in a report.
Json spectrum_quantities();

/// Share of the commonest class in the test part, which a constant answer reaches; null where no trial has a
/// confusion matrix.
Json majority_share(const Json& confusion);

/// [{cell, seed, id, rows: [{name, slices, accuracy, interval}]}] of the trials that `tubal ablate` has seen.
Json gather_ablation(const Study& study, Json& notes);

}  // namespace tubal::analysis
