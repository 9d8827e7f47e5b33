// From a grid file to the list of its trials.
#pragma once
#include <string>

#include "experiments/plan/grid_file.hpp"
#include "experiments/plan/study_plan.hpp"

namespace tubal {

/// Reads and expands a grid. Every trial's shape has been checked. Throws UsageError
/// (file:line: key: what, allowed).
StudyPlan load_grid(const std::string& file, const GridOptions& options = {});

/// load_grid() for trials that run on other machines.
StudyPlan load_grid_for_others(const std::string& file, const GridOptions& options);

}  // namespace tubal
