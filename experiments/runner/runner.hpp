// Runs what is missing of a study, one process a trial, beside any other runner of the same study.
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

/// `tubal stop` replaces the token; a runner that sees another one than when it began drains: running trials
/// end, no new one starts. With `now` its trials are interrupted, too.
struct StopToken {
  std::string token;  // "none" before the first
  bool now = false;
};
StopToken read_stop(const layout::StudyFolder& study);
void write_stop(const layout::StudyFolder& study, bool now);

/// The exit status of a trial's process that found the trial claimed by another.
inline constexpr int taken_status = 73;

/// "The study holds 6 trials of other grids (5 complete, 1 failed)..." and how to see them; "" for none.
std::string others_text(const layout::StudyFolder& study, const StudyIndex& index);

/// trial, encoder and total parameters, validation and test accuracy (language models: loss), seconds;
/// failures with their cause below.
std::string result_table(const layout::StudyFolder& study, const StudyIndex& index,
                         const std::vector<std::string>& only = {});

}  // namespace tubal::runner
