// A quantity against a factor, for papers: numbers along the bottom, names down the left side.
#pragma once
#include "analysis/export/figure_script.hpp"

namespace tubal::analysis {

FigureScript against_script(const Scene& scene, const Figure& figure);

}  // namespace tubal::analysis
