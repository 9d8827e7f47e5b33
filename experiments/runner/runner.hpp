// Runs what is missing of a study, one process a trial, beside any other runner of the same study. The loop
// is in loop.hpp and its sources.
#pragma once
#include "core/error.hpp"
#include "experiments/runner/display.hpp"
#include "experiments/runner/index.hpp"

namespace tubal::runner {

struct RunOptions {
  int jobs = 0, threads = 0;       // 0: as the plan says
  bool fail_fast = false;          // the first failure ends the run
  bool wait = true;                // for trials that run elsewhere
  bool again = false;              // also those that failed by themselves (tubal retry)
  bool allow_code_change = false;  // go on from checkpoints of another build
  std::vector<std::string> only;   // ids (or their beginnings); empty: all
  std::string stop;                // stop token that is already known; see stop_token()
};

/// Returns done, some_failed or interrupted. Throws UsageError for an unknown trial in `only`.
ExitStatus run_study(const layout::StudyFolder& study, const StudyIndex& index, const RunOptions& options,
                     Display& display);

/// The exit status of a trial's process that found the trial claimed by another.
inline constexpr int taken_status = 73;

}  // namespace tubal::runner
