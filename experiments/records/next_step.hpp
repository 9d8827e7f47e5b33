// What to do about a trial that has no result, as a command that works when typed.
#pragma once
#include <string>

#include "core/layout.hpp"
#include "experiments/records/status.hpp"

namespace tubal {

/// "`tubal retry imdb --failed --only 3fa9c1d0e2b4` runs it again.", or what else helps in its state.
std::string next_step(const layout::TrialFolder& trial, TrialState state);

/// " `tubal run imdb` repeats this trial alone.": behind what is damaged of a trial.
std::string repeats(const layout::TrialFolder& trial);

}  // namespace tubal
