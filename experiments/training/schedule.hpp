// The optimiser's settings at each step; the learning rate is what changes.
#pragma once
#include <cstdint>

#include "experiments/config/config.hpp"
#include "layers/model.hpp"

namespace tubal {

/// Learning rate of `step` (from 1) of `steps`: linear warm-up over round(warmup * steps) steps, then
/// constant, or linear or cosine down to final * learning_rate at the last step.
double scheduled_rate(const TrainingConfig& training, std::int64_t step, std::int64_t steps);

/// All settings of that step.
AdamWSettings step_settings(const TrainingConfig& training, std::int64_t step, std::int64_t steps);

}  // namespace tubal
