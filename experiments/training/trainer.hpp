// Trains one trial on data in memory. Wherever it is stopped, it goes on from its checkpoint with the same
// bits as if it never had been: batches, dropout and updates depend on (seed, step) alone, counters and
// moments are stored.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

#include "experiments/config/config.hpp"
#include "experiments/data/dataset.hpp"
#include "experiments/records/status.hpp"
#include "experiments/training/trial.hpp"

namespace tubal {

/// Trains or goes on in `folder`, writing journal, checkpoint, trial.h5 at each epoch and, at the end,
/// model.safetensors and the final status.json. `configuration`: config.yaml's text; a checkpoint of another
/// one is refused. Returns complete, diverged or interrupted. Throws Error where a file cannot be written.
TrialState train_trial(const std::filesystem::path& folder, const TrialConfig& config,
                       const std::string& configuration, const Dataset& data, const TrialOptions& options);

}  // namespace tubal
