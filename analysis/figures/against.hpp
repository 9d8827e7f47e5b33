// A quantity against each factor, all else equal.
#pragma once
#include "analysis/figures/table.hpp"

namespace tubal::analysis {

/// One figure a factor: lines join cells that differ in it alone, other factors give colours and panels. The
/// metric has one of its cells side by side where no two differ in one factor alone.
std::vector<Figure> figures_against(const Scene& scene, const FigureRow& row);

}  // namespace tubal::analysis
