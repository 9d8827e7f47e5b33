// Whether the files of a whole study are what they say (of one trial: verify_trial.hpp).
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "core/files.hpp"

namespace tubal {

struct Verification {
  std::vector<std::string> problems;  // each names the file, and what to do; empty: all sound
  std::vector<std::string> notes;     // what is worth knowing and no fault: trials on other data, pruned ones
};
/// Every checksum and file of a study's folder, every value of study.h5's arrays computed again from the
/// trials, each trial's folder against its name, the current grid and the history. Trials that have not begun
/// are no problem. Never throws.
Verification verify_study(const fs::path& study_directory);

}  // namespace tubal
