// study.h5: all trials of a study in one file.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "experiments/config/value.hpp"
#include "experiments/records/status.hpp"

namespace tubal {

/// A row of /trials.
struct StudyRow {
  std::string id;
  TrialStatus status;
  Values values;              // values_of(config)
  std::vector<Values> cells;  // the points of the grid that it stands for (Trial::cells)
  bool baseline = false;
  bool in_grid = true;                              // of the current grid; the arrays hold no other
  std::string configuration, data, matrix, plugin;  // digests, see core/layout_entries.hpp
  std::vector<std::string> idle = {};               // keys of values that have no effect: they are defaults
};

/// Writes study.h5 (core/layout_entries.hpp). `axes`: swept keys in order, without the seed. The
/// grid data sets are written where every row of the grid has its cells on these axes; points
/// without a complete trial are NaN.
void write_study(const fs::path& file, const std::string& study, const std::vector<std::string>& axes,
                 const std::vector<StudyRow>& rows);
/// Its bytes instead of the file: equal trials, equal bytes. `baseline`: the grid's, as text.
std::string study_image(const std::string& study, const std::vector<std::string>& axes,
                        const std::vector<StudyRow>& rows, int grid = 0, const std::string& baseline = "");

}  // namespace tubal
