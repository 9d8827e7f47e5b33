// Figures for papers: gnuplot scripts that hold their own data, and what gnuplot draws from them.
#pragma once
#include <vector>

#include "analysis/export/figure_script.hpp"
#include "analysis/export/written.hpp"

namespace tubal::analysis {

/// A script for each figure of figures/table.hpp that has something to draw, named by its id.
std::vector<FigureScript> figure_scripts(const Study& study, const Comparison& comparison,
                                         const std::vector<CellResult>& results);
/// Writes the scripts and runs gnuplot on each. Throws UsageError where gnuplot is not installed, Error with
/// its message where it fails.
Written export_figures(const Study& study, const Comparison& comparison,
                       const std::vector<CellResult>& results, const std::filesystem::path& folder);

}  // namespace tubal::analysis
