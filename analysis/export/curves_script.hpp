// Learning curves with bands over seeds, for papers.
#pragma once
#include "analysis/export/figure_script.hpp"

namespace tubal::analysis {

FigureScript curves_script(const Scene& scene, const Figure& figure);

}  // namespace tubal::analysis
