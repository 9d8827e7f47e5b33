// study.h5: all trials of a study in one file, rebuilt from their status.json; and the check of a whole
// study.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "core/layout.hpp"
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
  bool in_grid = true;                              // of the current grid; the arrays hold no other
  std::string configuration, data, matrix, plugin;  // digests, see core/layout.hpp
};

/// Writes study.h5 (core/layout.hpp). `axes`: swept keys in order, without the seed. The grid data sets are
/// written where every row of the grid has its cells on these axes; points without a complete trial are NaN.
void write_study(const fs::path& file, const std::string& study, const std::vector<std::string>& axes,
                 const std::vector<StudyRow>& rows);
/// Its bytes instead of the file: equal trials, equal bytes. `baseline`: the grid's, as text.
std::string study_image(const std::string& study, const std::vector<std::string>& axes,
                        const std::vector<StudyRow>& rows, int grid = 0, const std::string& baseline = "");

/// A trial of the store: config.yaml of a folder below trials/.
struct StoredTrial {
  std::string id;  // the folder's name
  TrialConfig config;
  std::string sha256;   // what the configuration comes out as
  std::string problem;  // why it is no trial of this name, and what to do; "" where it is one
};
/// Never throws.
StoredTrial read_stored_trial(const layout::TrialFolder& folder);

/// The store and the current grid, as study.h5 shows them.
struct StudyContents {
  PlanReading reading;                 // of plan.yaml
  std::vector<StudyRow> rows;          // the grid's in its order, then the others by id
  std::vector<StoredTrial> strangers;  // folders in trials/ that are no trial of their name
  std::string image() const;
};
/// Reads plan.yaml, each trial's status.json and the config.yaml of those that the plan does not tell. Throws
/// UsageError where plan.yaml cannot be read.
StudyContents study_contents(const fs::path& study_directory);

/// Writes study.h5 where it is missing or holds other bytes. For one process at a time (runner/index.hpp:
/// refresh_study).
void rebuild_study(const fs::path& study_directory);

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
