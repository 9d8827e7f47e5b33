#include "analysis/export/figures.hpp"

#include "analysis/export/curves_figure.hpp"
#include "analysis/export/gnuplot.hpp"
#include "analysis/export/metric_figure.hpp"
#include "analysis/export/pareto_figure.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "core/typed.hpp"

namespace tubal::analysis {

std::vector<Figure> figures(const Study& s, const Comparison& c, const std::vector<CellResult>& results) {
  std::vector<Figure> all;
  for (Figure figure : {metric_figure(s, c, results), curves_figure(s, c, results),
                        pareto_figure(s, c, results, false), pareto_figure(s, c, results, true)})
    if (!figure.name.empty()) all.push_back(std::move(figure));
  return all;
}

Written export_figures(const Study& s, const Comparison& c, const std::vector<CellResult>& results,
                       const std::filesystem::path& folder) {
  Written written;
  make_folder(folder);
  const std::vector<Figure> all = figures(s, c, results);
  if (all.empty())
    throw UsageError("study " + s.name +
                     " has no complete trial, so there is nothing to draw. `tubal status " + typed(s.folder) +
                     "` shows how its trials stand.");
  for (const Figure& figure : all) {
    write_file(folder / (figure.name + ".gp"), figure.script);
    written.push_back(folder / (figure.name + ".gp"));
  }
  for (const Figure& figure : all) {
    gnuplot::draw(folder, figure.name);
    for (const char* type : {".pdf", ".svg"}) written.push_back(folder / (figure.name + type));
  }
  return written;
}

}  // namespace tubal::analysis
