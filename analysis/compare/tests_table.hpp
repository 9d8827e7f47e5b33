// The tests of a comparison as a table.
#pragma once
#include <string>
#include <vector>

#include "analysis/compare/comparison.hpp"

namespace tubal::analysis {

/// A second table: every test against the baseline, with non-inferiority where a margin was given.
std::string show_tests(const Study& study, const Comparison& comparison,
                       const std::vector<CellResult>& results);

}  // namespace tubal::analysis
