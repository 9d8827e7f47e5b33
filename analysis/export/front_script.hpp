// The metric against a cost, with the front that nothing beats, for papers.
#pragma once
#include "analysis/export/figure_script.hpp"

namespace tubal::analysis {

FigureScript front_script(const Scene& scene, const Figure& figure);

}  // namespace tubal::analysis
