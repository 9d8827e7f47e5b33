// The one table of figures: what a row says is drawn by the report and by `tubal export --figures` alike.
#pragma once
#include <span>

#include "analysis/figures/figure.hpp"
#include "analysis/figures/scene.hpp"

namespace tubal::analysis {

/// A number of a cell that a figure shows. Not finite or not positive: the cell has none.
struct Quantity {
  const char* name;   // in the figure's id
  const char* title;  // on the axis, with its unit
  bool prefixes;      // large numbers: ticks as 20 k, 3 M, 5 G
  const char* note;   // what a reader must know of it; "" for nothing
  double (*of)(const CellResult&);
};

enum class Against { every_factor, first_factor };

/// One row: a figure, or one for each factor or metric. Titles, axes and points follow from it.
struct FigureRow {
  FigureKind kind;
  const char* section;       // of the report
  const Quantity* quantity;  // front: the cost. against: what is drawn; null: the judged metric
  Against against = Against::every_factor;  // the first one (p, if it varies) alone: a small figure
};

std::span<const FigureRow> figure_table();

/// What the table's rows draw of a study, where there is something to draw.
std::vector<Figure> gather_figures(const Scene& scene);

}  // namespace tubal::analysis
