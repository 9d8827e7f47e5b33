// One trial as a process sees it: run_trial() trains it in its folder, status.json says how far it is.
//
// The folder's truth is the journal and the checkpoint; run_trial() goes on from them wherever it was
// stopped, bit by bit as if it never had been. It neither claims the folder nor starts processes: that is the
// runner's.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <string>

#include "core/error.hpp"
#include "experiments/config.hpp"

namespace tubal {

namespace fs = std::filesystem;

/// planned: not begun. running: a process is (or was, if killed) at it. interrupted: stopped by a signal,
/// goes on from its checkpoint. failed: `cause` says why. diverged: a loss, gradient or parameter was not
/// finite, and `cause` says where that began. stopped: by ASHA (TrialOptions::keep_going), tested at its best
/// epoch so far. complete, failed, diverged and stopped are final.
enum class TrialState { planned, running, interrupted, complete, failed, diverged, stopped };
const char* name(TrialState state);
/// Throws Error for a word that is none.
TrialState trial_state(const std::string& name);
inline bool is_final(TrialState s) {
  return s == TrialState::complete || s == TrialState::failed || s == TrialState::diverged ||
         s == TrialState::stopped;
}

inline constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// How good a model is on a part: accuracy of a classifier, bits per byte of a language model, the loss in
/// nats of either. Perplexity is exp(loss).
struct Scores {
  double loss = unknown, accuracy = unknown, bits_per_byte = unknown;
};

/// status.json. Numbers that are not known yet are NaN (null in the file). Losses in nats, accuracies in [0,
/// 1].
struct TrialStatus {
  TrialState state = TrialState::planned;
  std::string cause;  // why it failed or diverged, or why a complete one ended early ("" if it did not)
  Cause cause_kind = Cause::none;  // of a failed or diverged one: what decides; `cause` is for people
  int attempt = 0;                 // how often a process began at it
  int epoch = 0, epochs = 0;       // epochs (evaluations) done, and of how many
  std::int64_t step = 0, steps = 0;
  double loss = unknown;                                  // of the last step
  double seconds_left = unknown;                          // estimate
  int best_epoch = 0;                                     // by training.early_stopping.metric; 0: none yet
  double train_loss = unknown, train_accuracy = unknown;  // these four at the best epoch
  double validation_loss = unknown, validation_accuracy = unknown;
  double validation_bits_per_byte = unknown;            // of a language model, which has no accuracies
  double test_loss = unknown, test_accuracy = unknown;  // by the best epoch's parameters; once complete
  double test_bits_per_byte = unknown;
  std::int64_t parameters_encoder = 0, parameters_total = 0;
  double flops = unknown;              // of the whole training, counted from shapes
  double seconds = 0;                  // training and evaluation, over all attempts
  double tokens_per_second = unknown;  // median over training steps
  double peak_memory = unknown;        // bytes, resident, largest over the attempts
  std::uint64_t seed = 0;
  int threads = 0;
  std::string host, boot_id, revision, started, updated;  // times: ISO 8601, UTC
  long pid = 0;
  std::map<std::string, std::string>
      files;  // final states: SHA-256 of config.yaml, trial.h5, model.safetensors, journal.jsonl
};

/// Reads one small file. A folder or file that is missing: planned. Throws Error (file, what) where it is
/// damaged.
TrialStatus read_status(const fs::path& trial_directory);
/// Written aside and renamed. The runner may write `failed` with a cause (signal, memory) after the process
/// died.
void write_status(const fs::path& trial_directory, const TrialStatus& status);

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
  int threads = 1;
  double checkpoint_seconds = 60;   // besides one at each epoch's end
  std::string precision = "float";  // float | bf16 (RuntimeConfig)
  std::string on_nan = "stop";      // stop | skip (PolicyConfig)
  bool allow_code_change = false;   // go on from the checkpoint of another build
  fs::path cache;  // where tokenized data are kept; empty: the default of experiments/dataset.hpp
  std::function<void(const Progress&)>
      progress;  // after every step, so it must be cheap; from the calling thread
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

/// Asks the trial of this process to checkpoint and end within two seconds. Safe in a signal handler.
void request_stop() noexcept;
bool stop_requested() noexcept;
void clear_stop_request() noexcept;
/// SIGINT and SIGTERM (and SIGUSR1, which schedulers send before a limit) ask for a stop.
void stop_on_signals();

}  // namespace tubal
