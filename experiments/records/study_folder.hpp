// A study's folder: the store of trials seen through the current grid.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "experiments/plan/plan_reader.hpp"
#include "experiments/records/stored_trial.hpp"
#include "experiments/records/study_file.hpp"

namespace tubal {

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

/// Writes study.h5 where it is missing or holds other bytes. For one process at a
/// time (runner/index.hpp: refresh_study).
void rebuild_study(const fs::path& study_directory);

}  // namespace tubal
