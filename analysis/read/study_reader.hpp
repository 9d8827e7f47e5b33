// study.h5 (core/layout_entries.hpp) as a Study.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/read/study.hpp"

namespace tubal::analysis {

/// Which trials of a study are spoken of.
struct Selection {
  bool all = false;       // also those outside the current grid
  bool mix_data = false;  // with every trial those of the same configuration on other data, in one cell
  std::string task;       // these alone: classification or language_model; "": of either
  /// (key, value): the cells with all of them are the baseline in the place of the grid's; empty: the grid's.
  std::vector<std::pair<std::string, std::string>> baseline = {};
};

/// Throws UsageError where there is no study.h5, Error where it is damaged or of a later format. `image`: the
/// bytes of study.h5 as it should be now, in the place of the file.
Study read_study(const layout::StudyFolder& folder, const Selection& selection = {},
                 const std::optional<std::string>& image = {});

}  // namespace tubal::analysis
