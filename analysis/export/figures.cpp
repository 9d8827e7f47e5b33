#include "analysis/export/figures.hpp"

#include "analysis/export/against_script.hpp"
#include "analysis/export/curves_script.hpp"
#include "analysis/export/front_script.hpp"
#include "analysis/export/gnuplot.hpp"
#include "analysis/figures/table.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "core/typed.hpp"

namespace tubal::analysis {

std::vector<FigureScript> figure_scripts(const Study& s, const Comparison& c,
                                         const std::vector<CellResult>& results) {
  std::vector<std::string> damaged;
  const Scene scene = set_scene(s, c, results, damaged);
  if (!damaged.empty()) throw Error(damaged[0]);
  std::vector<FigureScript> all;
  for (const Figure& figure : gather_figures(scene))
    all.push_back(figure.kind == FigureKind::against ? against_script(scene, figure)
                  : figure.kind == FigureKind::front ? front_script(scene, figure)
                                                     : curves_script(scene, figure));
  return all;
}

Written export_figures(const Study& s, const Comparison& c, const std::vector<CellResult>& results,
                       const std::filesystem::path& folder) {
  Written written;
  make_folder(folder);
  const std::vector<FigureScript> all = figure_scripts(s, c, results);
  if (all.empty())
    throw UsageError("study " + s.name +
                     " has no complete trial, so there is nothing to draw. `tubal status " + typed(s.folder) +
                     "` shows how its trials stand.");
  for (const FigureScript& figure : all) {
    write_file(folder / (figure.name + ".gp"), figure.script);
    written.push_back(folder / (figure.name + ".gp"));
  }
  for (const FigureScript& figure : all) {
    gnuplot::draw(folder, figure.name);
    for (const char* type : {".pdf", ".svg"}) written.push_back(folder / (figure.name + type));
  }
  return written;
}

}  // namespace tubal::analysis
