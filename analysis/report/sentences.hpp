// What the sentences about a study share: cells as gathered for the page, and their figures in words.
#pragma once
#include <string>
#include <vector>

#include "analysis/compare/comparison.hpp"
#include "analysis/report/json.hpp"

namespace tubal::analysis::sentences {

/// Of gather_cells().
using Cells = std::vector<const Json*>;

double number(const Json& x);  // NaN for null
std::string label(const Json& cell);
/// "87.89 % (95 % interval 87.22 to 88.67)", "1.8857 nat (95 % interval 1.8801 to 1.8912; perplexity 6.591)"
std::string with_interval(const Comparison& comparison, const Json& cell);
/// The cell with the best mean; of equal ones the first.
const Json& best_cell(const Comparison& comparison, const Cells& cells);
/// "a", "a and b", "a, b and 3 more"
std::string some(const Cells& cells);

}  // namespace tubal::analysis::sentences
