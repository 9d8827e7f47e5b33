// Studies that an earlier tubal made: plan.yaml of version 1, in which earlier grids' trials stood beside the
// present ones, and no history.
#pragma once
#include "experiments/plan/plan_reader.hpp"
#include "experiments/runner/index.hpp"

namespace tubal::runner {

/// Keeps plan.yaml, the index and study.h5 in before-upgrade/ and begins the history with what the plan
/// tells. No trial is touched, and plan.yaml itself is left to the caller. Returns the number of the plan's
/// grid. Under the study's lock.
int upgrade_study(const layout::StudyFolder& study, const PlanReading& reading,
                  std::vector<std::string>& notes);

}  // namespace tubal::runner
