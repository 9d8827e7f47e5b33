// A study's folder before its first trial runs: checked, planned and written.
#pragma once
#include "experiments/runner/index.hpp"

namespace tubal::runner {

/// Makes the folder of plan.study below `studies` and writes plan.yaml, the index and each trial's
/// config.yaml, where they differ from what is there. Trials that an earlier version of the grid began stay
/// in the plan, marked `earlier`. Throws UsageError, with nothing written, where the folder cannot be written
/// or its disk is full.
StudyIndex prepare_study(StudyPlan plan, const fs::path& studies);

/// Throws UsageError naming the reason where no file of 64 KiB can be written in `folder`; makes it where
/// missing.
void check_writable(const fs::path& folder);

}  // namespace tubal::runner
