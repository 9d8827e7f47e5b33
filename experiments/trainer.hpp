// Trains one trial on data in memory. Wherever it is stopped, it goes on from its checkpoint with the same
// bits as if it never had been: batches, dropout and updates depend on (seed, step) alone, counters and
// moments are stored.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

#include "experiments/config.hpp"
#include "experiments/dataset.hpp"
#include "experiments/trial.hpp"

namespace tubal {

/// Learning rate of `step` (from 1) of `steps`: linear warm-up over round(warmup * steps) steps, then
/// constant, or linear or cosine down to final * learning_rate at the last step.
double scheduled_rate(const TrainingConfig& training, std::int64_t step, std::int64_t steps);

/// Trains or goes on in `folder`, writing journal, checkpoint, trial.h5 at each epoch and, at the end,
/// model.safetensors and the final status.json. `configuration`: config.yaml's text; a checkpoint of another
/// one is refused. Returns complete, diverged or interrupted. Throws Error where a file cannot be written.
TrialState train_trial(const std::filesystem::path& folder, const TrialConfig& config,
                       const std::string& configuration, const Dataset& data, const TrialOptions& options);

}  // namespace tubal
