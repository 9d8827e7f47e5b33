// A comparison for programs: one object a cell, numbers as they were computed; null for what there is not.
#pragma once
#include <string>
#include <vector>

#include "analysis/compare/comparison.hpp"

namespace tubal::analysis {

/// Table and tests as JSON text.
std::string to_json(const Study& study, const Comparison& comparison, const std::vector<CellResult>& results);

}  // namespace tubal::analysis
