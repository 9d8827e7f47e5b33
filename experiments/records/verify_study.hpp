// Whether the files of a trial, and of a whole study, are what they say.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "experiments/records/status.hpp"

namespace tubal {

struct DamagedFile {
  std::string name;     // "model.safetensors"
  std::string problem;  // for people
};
/// Files of a trial whose content is not what the final status.json says; empty: sound, or the trial has not
/// ended. run_trial() begins such a trial anew.
std::vector<DamagedFile> damaged_files(const fs::path& trial_directory, const TrialStatus& status);
/// What verify_study finds in one trial's folder: status, config.yaml against the folder's name, journal,
/// checkpoint, HDF5, and the digests that a final status.json names.
std::vector<std::string> verify_trial(const fs::path& trial_directory);

struct Verification {
  std::vector<std::string> problems;  // each names the file, and what to do; empty: all sound
  std::vector<std::string> notes;     // what is worth knowing and no fault: trials on other data, pruned ones
};
/// Every checksum and file of a study's folder, every value of study.h5's arrays computed again from the
/// trials, each trial's folder against its name, the current grid and the history. Trials that have not begun
/// are no problem. Never throws.
Verification verify_study(const fs::path& study_directory);

}  // namespace tubal
