// A comparison as a table.
#pragma once
#include <string>
#include <vector>

#include "analysis/compare/comparison.hpp"

namespace tubal::analysis {

/// The table that `tubal compare` prints; `notes` beneath it.
std::string show(const Study& study, const Comparison& comparison, const std::vector<CellResult>& results);

}  // namespace tubal::analysis
