// A comparison as a table for a paper.
#pragma once
#include "analysis/compare/comparison.hpp"
#include "analysis/export/written.hpp"

namespace tubal::analysis {

/// table.tex: a `table` environment with the rows of `results` for \input; needs the package booktabs and any
/// of LaTeX's engines. The metric as mean +- sample deviation, the best mean bold; what enters no figure
/// stands beneath it.
Written export_latex(const Study& study, const Comparison& comparison, const std::vector<CellResult>& results,
                     const std::filesystem::path& folder);

}  // namespace tubal::analysis
