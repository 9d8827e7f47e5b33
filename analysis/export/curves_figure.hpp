// Learning curves with bands over seeds.
#pragma once
#include "analysis/export/figure.hpp"

namespace tubal::analysis {

/// Of the validation part: by epoch, language models by step. An empty name where there is
/// nothing to draw.
Figure curves_figure(const Study& study, const Comparison& comparison,
                     const std::vector<CellResult>& results);

}  // namespace tubal::analysis
