// What to do about a trial that has no result, as a command that works when typed.
#pragma once
#include <string>

#include "core/layout.hpp"
#include "experiments/records/status.hpp"

namespace tubal {

/// "`tubal retry imdb --failed --only 3fa9c1d0e2b4` runs it again.", or what else helps in its state.
std::string next_step(const layout::TrialFolder& trial, TrialState state);

}  // namespace tubal
