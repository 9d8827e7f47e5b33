// Why a trial diverged, in one line: what was not finite and when, where that began, what may help.
#pragma once
#include <span>
#include <string>

#include "experiments/records/record.hpp"
#include "layers/model.hpp"

namespace tubal {

/// `what` was not finite, such as "the loss"; `when`: "at step 7 (epoch 1, learning rate 0.1)". `train`:
/// every step so far, from which it is told since when the loss grew.
std::string why_diverged(const std::string& what, const std::string& when, const NonFinite& origin,
                         std::span<const TrainPoint> train);

/// "" unless the last finite loss is ten times the least one before it; then since which step it grew.
std::string growth(std::span<const TrainPoint> train);

}  // namespace tubal
