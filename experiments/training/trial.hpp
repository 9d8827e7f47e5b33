// One trial as a process sees it: run_trial() trains it in its folder, status.json says how far it is.
//
// The folder's truth is the journal and the checkpoint; run_trial() goes on from them wherever it
// was stopped, bit by bit as if it never had been. It neither claims the folder nor starts
// processes: that is the runner's.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "core/error.hpp"
#include "experiments/config/config.hpp"
#include "experiments/records/status.hpp"

namespace tubal {

namespace fs = std::filesystem;

struct Progress {
  const char* phase = "training";  // preparing | training | validation | test
  int epoch = 0, epochs = 0;       // the epoch under way, from 1
  std::int64_t step = 0, steps = 0;
  double loss = unknown;  // mean over the last steps
  Scores validation;      // of the last epoch done
  double tokens_per_second = unknown;
  double seconds_left = unknown;
};

struct TrialOptions {
  std::string study;  // for the files; may be ""
  RuntimeConfig runtime;
  PolicyConfig policy;
  bool allow_code_change = false;  // go on from the checkpoint of another build
  fs::path cache;                  // where tokenized data are kept; empty: the default of data/dataset.hpp
  /// Called after every step, so it must be cheap; from the calling thread.
  std::function<void(const Progress&)> progress;
  /// Asked after each epoch with what the validation part gave; false ends the trial there (ASHA): it is
  /// then tested and `stopped`, with a cause.
  std::function<bool(int epoch, const Scores& validation)> keep_going;
  /// Told why the trial fails, before that is recorded: a full disk may take no status.json.
  std::function<void(Cause)> failed;
};

/// Trains, or goes on with, the trial in `trial_directory` (made where missing) and writes every file of it.
/// Returns done (also at once for a complete one), some_failed (status.json: failed or diverged, with the
/// cause), usage (the same, for what the user must mend: data, configuration) or interrupted (a stop was
/// asked for; checkpointed). Never throws. Where even status.json cannot be written the cause goes to
/// standard error. What is told to people goes to log.txt.
/// Among the causes are Cause::changed: data, a matrix file or a plug-in are no longer those that the trial
/// was planned with, and the next `tubal run` plans new trials for what they hold now; Cause::other_build: a
/// checkpoint is of another build and is not used, and it stays as it is.
ExitStatus run_trial(const fs::path& trial_directory, const TrialConfig& config,
                     const TrialOptions& options = {});

}  // namespace tubal
