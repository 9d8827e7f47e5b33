// The metric against cost, with the front that nothing beats.
#pragma once
#include "analysis/export/figure.hpp"

namespace tubal::analysis {

/// Cost: encoder parameters, or with `time` the seconds of a trial. An empty name where there is nothing to
/// draw.
Figure pareto_figure(const Study& study, const Comparison& comparison, const std::vector<CellResult>& results,
                     bool time);

}  // namespace tubal::analysis
