// Figures for papers: gnuplot scripts that hold their own data, and what gnuplot draws from them.
#pragma once
#include "analysis/export/figure.hpp"
#include "analysis/export/written.hpp"

namespace tubal::analysis {

/// The metric (against the first swept number, else by cell; called as the metric is), curves,
/// pareto_parameters and pareto_seconds, where there is something to draw.
std::vector<Figure> figures(const Study& study, const Comparison& comparison,
                            const std::vector<CellResult>& results);
/// Writes the scripts and runs gnuplot on each. Throws UsageError where gnuplot is not installed, Error with
/// its message where it fails.
Written export_figures(const Study& study, const Comparison& comparison,
                       const std::vector<CellResult>& results, const std::filesystem::path& folder);

}  // namespace tubal::analysis
