// What `tubal run`, `plan` and `submit` may be given: a grid file, a plan.yaml wherever it lies, or a study.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "experiments/plan/grid_file.hpp"
#include "experiments/plan/study_plan.hpp"
#include "experiments/runner/index.hpp"

namespace tubal::cli {

struct Asked {
  layout::StudyFolder study;  // where it is, or will be
  bool planned = false;       // the study's own plan was named
  StudyPlan plan;             // of a grid file or of another study's plan; empty where `planned`
  std::vector<std::string> notes;
};

/// `studies`: as given; nothing where --studies was not written. `elsewhere`: the trials run on other
/// machines, so what this one lacks is a warning. Throws UsageError.
Asked open_grid(const std::string& name, const std::optional<std::string>& studies,
                const GridOptions& options, bool elsewhere = false);

/// prepare_study() or prepare_again(), and what they have to tell on standard error.
runner::StudyIndex prepare(const Asked& asked);

}  // namespace tubal::cli
