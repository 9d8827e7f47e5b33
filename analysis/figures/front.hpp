// The metric against a cost, with the front that nothing beats.
#pragma once
#include "analysis/figures/table.hpp"

namespace tubal::analysis {

/// One figure, or none. A point is on the front where no cell of the whole study is as good at less cost.
std::vector<Figure> figures_of_front(const Scene& scene, const FigureRow& row);

}  // namespace tubal::analysis
