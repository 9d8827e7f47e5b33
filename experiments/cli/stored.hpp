// A finished trial named on the command line, for those who use its model.
#pragma once
#include <string>

#include "core/layout.hpp"

namespace tubal::cli {

/// STUDY/TRIAL (the beginning of its id will do), or the trial's folder. Throws
/// UsageError that says what there is.
layout::TrialFolder find_stored_trial(const std::string& named, const std::string& studies);

}  // namespace tubal::cli
