// A figure as a gnuplot script, and what the kinds of figures share.
#pragma once
#include <string>

#include "analysis/figures/figure.hpp"
#include "analysis/figures/scene.hpp"

namespace tubal::analysis {

/// A gnuplot script that holds its own data, and draws <name>.pdf and <name>.svg in the folder it is run in.
struct FigureScript {
  std::string name, script;
};

/// Comments that open a script: the figure's title, its note, and `more` (of lines that begin with "# ").
std::string opening(const Figure& figure, const std::string& more);
/// "y low high" of a point; an interval that is not there has no length.
std::string interval_fields(const FigurePoint& point);
/// "set xlabel ..." with range and tics of an axis that reaches from `low` to `high`, `axis` being x or y.
std::string tics(const std::string& axis, const FigureAxis& of, double low, double high);
/// What a cell is called in papers: its label, as in table.tex and trials.csv, within double quotes.
std::string quoted_label(const Scene& scene, std::size_t cell);
/// Lines across the plot, each with its entry in the key: blocks of data, and the parts of the plot command,
/// which continue one. `upright`: at a height; else at a place of the horizontal axis.
struct ReferenceLines {
  std::string data, plot;
  std::size_t entries = 0;
};
ReferenceLines reference_lines(const Figure& figure, double low, double high, bool upright);

}  // namespace tubal::analysis
