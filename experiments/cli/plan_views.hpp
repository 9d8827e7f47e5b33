// What `tubal plan` prints of a grid.
#pragma once
#include <ostream>
#include <string>
#include <vector>

#include "experiments/measure/estimate.hpp"
#include "experiments/plan/study_plan.hpp"

namespace tubal::cli {

/// A table, a line a trial or (`by_cell`) a cell, the sums over all trials, and what they assume of the data.
/// `estimates`: as plan.trials.
void print_plan(std::ostream& out, const StudyPlan& plan, const std::vector<Estimate>& estimates,
                bool by_cell);
/// Everything, for programs; what is not known is null.
void print_plan_json(std::ostream& out, const StudyPlan& plan, const std::vector<Estimate>& estimates);

/// "about 3.2 h with 2 at a time": until the trials named so have ended; "" where that is not known. `ids` as
/// runner::missing_trials gives them: behind a dash stand the data that a trial was trained on.
std::string time_left(const StudyPlan& plan, const std::vector<Estimate>& estimates,
                      const std::vector<std::string>& ids);

}  // namespace tubal::cli
