// How a trial stands: its state, its scores so far, and status.json.
#pragma once
#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <string>

#include "core/error.hpp"

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

/// status.json. Numbers that are not known yet are NaN (null in the file). Losses in
/// nats, accuracies in [0, 1].
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
  double seconds = 0;                  // training and evaluation, over all attempts, by the clock
  double processor_seconds = unknown;  // the same, of processor: below threads * seconds where it waited
  double tokens_per_second = unknown;  // median over training steps
  double peak_memory = unknown;        // bytes, resident, largest over the attempts
  std::uint64_t seed = 0;
  int threads = 0;
  std::string host, boot_id, revision, started, updated;  // times: ISO 8601, UTC
  long pid = 0;
  /// Final states: SHA-256 of config.yaml, trial.h5, model.safetensors, journal.jsonl.
  std::map<std::string, std::string> files;
};

/// Reads one small file. A folder or file that is missing: planned. Throws Error (file,
/// what) where it is damaged.
TrialStatus read_status(const fs::path& trial_directory);
/// Written aside and renamed. The runner may write `failed` with a cause (signal,
/// memory) after the process died.
void write_status(const fs::path& trial_directory, const TrialStatus& status);

}  // namespace tubal
