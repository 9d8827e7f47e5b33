// The metric with its intervals: against a swept number, or cell by cell.
#pragma once
#include "analysis/export/figure.hpp"

namespace tubal::analysis {

/// An empty name where there is nothing to draw.
Figure metric_figure(const Study& study, const Comparison& comparison,
                     const std::vector<CellResult>& results);

}  // namespace tubal::analysis
