// plan.yaml read back.
#pragma once
#include <string>
#include <vector>

#include "experiments/plan/study_plan.hpp"

namespace tubal {

/// Depends on no other file: not on plug-ins, matrices or data. Throws UsageError where a trial's
/// configuration does not hash to its id.
StudyPlan read_plan(const std::string& file);

/// The same, line by line: what cannot be read is told and left out.
struct PlanReading {
  StudyPlan plan;
  int version = 2;                    // 1: of a tubal that kept earlier grids' trials in the plan
  std::vector<Trial> earlier;         // version 1: what an earlier grid had begun
  std::vector<std::string> left_out;  // "plan.yaml:12: trials: ..."
};
PlanReading read_plan_lines(const std::string& file);

}  // namespace tubal
