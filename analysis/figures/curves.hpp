// Learning curves with bands over seeds.
#pragma once
#include "analysis/figures/table.hpp"

namespace tubal::analysis {

/// One figure for each metric that files hold, and for the judged one: of the validation part, the loss of
/// language models beside that of training. By epoch; language models by step.
std::vector<Figure> figures_of_curves(const Scene& scene, const FigureRow& row);

}  // namespace tubal::analysis
