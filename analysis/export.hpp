// A study for other programs: tables, papers' tables and figures, one netCDF file, its models.
//
// Each function makes `folder` where it is missing, writes its files aside and renames them, and returns what
// it wrote. Throws Error where a file cannot be written.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "analysis/comparison.hpp"

namespace tubal::analysis {

using Written = std::vector<std::filesystem::path>;

/// trials.csv: one row a trial, every column of /trials and `label`, the cell in words. curves.csv: one row a
/// trial and epoch, with id, seed and the swept keys. Metrics of a task that the study has not are left out.
/// Numbers read back exactly; what is missing is empty.
Written export_csv(const Study& study, const std::filesystem::path& folder);

/// table.tex: a `table` environment with the rows of `results` for \input; needs the package booktabs and any
/// of LaTeX's engines. The metric as mean +- sample deviation, the best mean bold; what enters no figure
/// stands beneath it.
Written export_latex(const Study& study, const Comparison& comparison, const std::vector<CellResult>& results,
                     const std::filesystem::path& folder);
/// Text as LaTeX prints it: special characters escaped, letters beyond Latin as their code point.
std::string latex_text(const std::string& text);

/// study.nc: study.h5's grid and table, and /curves over (trial, epoch), NaN past a trial's end. No links to
/// other files.
Written export_netcdf(const Study& study, const std::filesystem::path& folder);

/// A gnuplot script that holds its own data, and draws <name>.pdf and <name>.svg in the folder it is run in.
struct Figure {
  std::string name, script;
};
/// The metric (against the first swept number, else by cell; called as the metric is), curves,
/// pareto_parameters and pareto_seconds, where there is something to draw.
std::vector<Figure> figures(const Study& study, const Comparison& comparison,
                            const std::vector<CellResult>& results);
/// Writes the scripts and runs gnuplot on each. Throws UsageError where gnuplot is not installed, Error with
/// its message where it fails.
Written export_figures(const Study& study, const Comparison& comparison,
                       const std::vector<CellResult>& results, const std::filesystem::path& folder);

/// models/: model.safetensors of each complete trial as <cell>_seed<n>_<id>.safetensors, and models.csv that
/// names them with their figures. `trial`: this one alone, by the beginning of its id ("": all). Trials
/// without a model are added to `left_out`, one line each. Throws UsageError where there is none at all.
Written export_models(const Study& study, const std::string& trial, const std::filesystem::path& folder,
                      std::vector<std::string>& left_out);

}  // namespace tubal::analysis
