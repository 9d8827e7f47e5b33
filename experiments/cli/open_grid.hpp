// What `tubal run`, `plan` and `submit` may be given: a grid file, a plan.yaml wherever it lies, or a study.
#pragma once
#include <boost/program_options.hpp>
#include <string>
#include <vector>

#include "experiments/plan/study_plan.hpp"
#include "experiments/runner/index.hpp"

namespace tubal::cli {

struct Asked {
  layout::StudyFolder study;  // where it is, or will be
  bool planned = false;       // the study's own plan was named
  StudyPlan plan;             // of a grid file or of another study's plan; empty where `planned`
  std::vector<std::string> notes;
};

/// --set, --sweep and --plugin.
void add_grid_options(boost::program_options::options_description& options);

/// What the values `grid`, `studies`, `set`, `sweep` and `plugin` of a command ask for. `elsewhere`: the
/// trials run on other machines, so what this one lacks is a warning. Throws UsageError.
Asked open_grid(const boost::program_options::variables_map& values, bool elsewhere = false);

/// prepare_study() or prepare_again(), and what they have to tell on standard error.
runner::StudyIndex prepare(const Asked& asked);

}  // namespace tubal::cli
