// Whether the files of a trial are what they say.
#pragma once
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

}  // namespace tubal
