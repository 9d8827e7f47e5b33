// What a trial keeps on disk while it trains: journal, checkpoint, status, log and trial.h5; and, in
// trial_checkpoint.cpp, how it begins, saves itself and goes on from there.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/append_file.hpp"
#include "core/clock.hpp"
#include "core/files.hpp"
#include "core/layout.hpp"
#include "experiments/data/batches.hpp"
#include "experiments/data/dataset.hpp"
#include "experiments/records/journal.hpp"
#include "experiments/records/record.hpp"
#include "experiments/training/learner.hpp"
#include "experiments/training/probe.hpp"
#include "experiments/training/trial.hpp"

namespace tubal {

// Where a trial stands: with the parameters and moments all that its future depends on.
struct Cursor {
  std::int64_t step = 0;   // optimiser steps done
  int epoch = 1;           // under way: counts evaluations
  std::int64_t batch = 0;  // of it, done
  double loss_sum = 0;     // over the epoch's texts, or tokens, so far
  std::int64_t correct = 0, seen = 0;
  int best_epoch = 0;
  double best = unknown;                  // the metric at the best epoch
  bool finished = false;                  // training has ended; the test remains
  bool pruned = false;                    // by keep_going
  std::string cause;                      // why it ended early
  double seconds = 0, epoch_seconds = 0;  // timings: no part of the result
  double processor_seconds = 0;
};

class TrialStore {
 public:
  /// Makes the learner, at its start or as the checkpoint left it, and publishes that the trial runs. A
  /// checkpoint or journal that is damaged, or of another configuration or data, is said in the log and the
  /// trial begun anew; one of another build is an Error unless options.allow_code_change.
  TrialStore(const fs::path& folder, const TrialConfig& config, const std::string& configuration,
             const Dataset& data, const TrialOptions& options);

  Cursor cursor;
  TrialRecord record;
  TrialStatus status;
  std::vector<float> best_values;  // parameters at the best epoch; empty before one
  std::unique_ptr<Learner> learner;
  TrainingBatches batches;
  TrainingLength length;
  double seconds_left = unknown;  // as the trainer last estimated it
  double probe_seconds = 0;       // that log_probe took since this process began at the trial

  const layout::TrialFolder& folder() const { return folder_; }
  /// A line of log.txt, with the time.
  void say(const std::string& text);
  /// Appends to the journal; on disk at the next flush or save.
  void add(const std::string& record) { journal_->add(record); }
  /// Hands the journal to the system, at most once a second, and status.json, at most every five: `tubal
  /// status` and `watch` read it.
  void flush();
  /// Logs the slices and L.
  void log_probe(int epoch);
  /// Syncs the journal, writes the checkpoint and status.json.
  void save();
  bool save_is_due() const { return seconds_now() - saved_at_ >= options_.runtime.checkpoint_seconds; }
  /// trial.h5 as things stand; returns its SHA-256.
  std::string write_data();
  /// The last word: status.json, and for a final state trial.h5 and the checksums of all files; the
  /// checkpoint goes.
  TrialState close(TrialState state, const std::string& cause);

 private:
  void describe();
  void begin();
  bool resume();
  void restore();
  std::string identity() const;
  std::string trial_identity() const;
  void make();
  void tick();
  void fill_status();
  void publish_status();

  layout::TrialFolder folder_;
  const TrialConfig& config_;
  const std::string& configuration_;
  const Dataset& data_;
  const TrialOptions& options_;
  AppendFile log_;
  Probe probe_;
  std::optional<Journal> journal_;
  double step_flops_ = 0;
  double saved_at_ = seconds_now(), flushed_at_ = seconds_now(), ticked_at_ = seconds_now(),
         processor_at_ = processor_seconds_now(), published_at_ = seconds_now();
};

}  // namespace tubal
