// study.h5: all trials of a study in one file, rebuilt from their status.json; and the check of a whole
// study.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "experiments/grid.hpp"
#include "experiments/trial.hpp"

namespace tubal {

namespace fs = std::filesystem;

/// A row of /trials.
struct StudyRow {
  std::string id;
  TrialStatus status;
  Values values;              // values_of(config)
  std::vector<Values> cells;  // the points of the grid that it stands for (Trial::cells)
  bool baseline = false;
};

/// Writes study.h5 (core/layout.hpp). `axes`: swept keys in order, without the seed. The grid data sets are
/// written where every row has its cells on these axes; points without a complete trial are NaN.
void write_study(const fs::path& file, const std::string& study, const std::vector<std::string>& axes,
                 const std::vector<StudyRow>& rows);
/// Its bytes instead of the file.
std::string study_image(const std::string& study, const std::vector<std::string>& axes,
                        const std::vector<StudyRow>& rows);

/// Bytes of study.h5 as the plan and each trial's status.json say now: equal trials, equal bytes. One small
/// file is read a trial.
std::string study_image(const fs::path& study_directory, const StudyPlan& plan);
/// Writes study_image() where study.h5 is missing or holds other bytes.
void rebuild_study(const fs::path& study_directory, const StudyPlan& plan);
/// The same, reading plan.yaml.
void rebuild_study(const fs::path& study_directory);

/// Files of a trial whose content is not what the final status.json says, each with the reason; empty: sound,
/// or the trial has not ended. run_trial() begins such a trial anew.
std::vector<std::string> damaged_files(const fs::path& trial_directory, const TrialStatus& status);
/// What verify_study finds in one trial's folder: status, config.yaml against the folder's name, journal,
/// checkpoint, HDF5, and the digests that a final status.json names.
std::vector<std::string> verify_trial(const fs::path& trial_directory);
/// Every checksum and file of a study's folder; empty: all sound. Each problem is one line that names the
/// file, and what to do ("tubal run" repeats the trial alone, ...). Trials that have not begun are no
/// problem. Never throws.
std::vector<std::string> verify_study(const fs::path& study_directory);

}  // namespace tubal
