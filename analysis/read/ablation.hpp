// ablation.h5 (core/layout_entries.hpp): a trial's accuracy without some of its slices.
#pragma once
#include <string>
#include <vector>

#include "core/layout.hpp"

namespace tubal::analysis {

/// Test accuracy with slices of L set to zero, as `tubal ablate` measured it.
struct Ablation {
  std::vector<std::string> name, slices;  // "none", "slice 0", "lowest 2"; "0,1": the slices that were zeroed
  std::vector<double> accuracy, low, high;
};
/// Empty where the trial has no ablation.h5. Throws Error where it is damaged.
Ablation read_ablation(const layout::TrialFolder& trial);

}  // namespace tubal::analysis
