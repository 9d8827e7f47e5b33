// Which rows of a comparison are shown, and in which order.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "analysis/compare/comparison.hpp"

namespace tubal::analysis {

/// Cells whose trials have the value for every key; `a,b` allows either. Order kept. Throws UsageError for an
/// unknown key, or a value that no trial has.
std::vector<CellResult> filtered(const Study& study, const Comparison& comparison,
                                 const std::vector<std::pair<std::string, std::string>>& filters);
/// Cells that have the value for every key become the baseline, in the place of the grid's; `a,b` allows
/// either. What has no effect on a cell (the transform of p = 1) it does not have. Throws UsageError where
/// there is none.
void choose_baseline(Study& study, const std::vector<std::pair<std::string, std::string>>& values);
/// By the metric or `difference` (best first), encoder, total, seconds, memory, p_holm or a configuration key
/// (rising). Throws UsageError for another metric than the table's.
void sort_results(const Study& study, const Comparison& comparison, std::vector<CellResult>& results,
                  const std::string& by);

}  // namespace tubal::analysis
