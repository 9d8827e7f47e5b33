#include "analysis/figures/table.hpp"

#include "analysis/figures/against.hpp"
#include "analysis/figures/curves.hpp"
#include "analysis/figures/front.hpp"

namespace tubal::analysis {

// name, axis, prefixes, note, value
static constexpr Quantity encoder = {"parameters", "encoder parameters", true,
                                     "Embeddings and output layer are not counted.",
                                     [](const CellResult& r) { return r.encoder; }};
static constexpr Quantity seconds = {"seconds", "time of a trial (s)", false,
                                     "Wall clock of training and evaluation, mean over seeds; comparable "
                                     "where all trials ran on the same kind of machine.",
                                     [](const CellResult& r) { return r.seconds; }};
static constexpr Quantity memory = {"memory", "peak memory of a trial (MB)", false, "",
                                    [](const CellResult& r) { return r.memory / 1e6; }};
static constexpr Quantity operations = {"flops", "floating-point operations of a trial", true, "",
                                        [](const CellResult& r) { return r.flops; }};
static constexpr Quantity speed = {"speed", "tokens trained a second", true, "",
                                   [](const CellResult& r) { return r.speed; }};

static constexpr FigureRow table[] = {
    {FigureKind::against, "metric", nullptr},
    {FigureKind::front, "fronts", &encoder},
    {FigureKind::front, "fronts", &seconds},
    {FigureKind::front, "fronts", &operations},
    {FigureKind::curves, "curves", nullptr},
    {FigureKind::against, "costs", &seconds, Against::first_factor},
    {FigureKind::against, "costs", &memory, Against::first_factor},
    {FigureKind::against, "costs", &operations, Against::first_factor},
    {FigureKind::against, "costs", &speed, Against::first_factor},
};

std::span<const FigureRow> figure_table() { return table; }

std::vector<Figure> gather_figures(const Scene& scene) {
  std::vector<Figure> all;
  for (const FigureRow& row : table) {
    std::vector<Figure> some = row.kind == FigureKind::against ? figures_against(scene, row)
                               : row.kind == FigureKind::front ? figures_of_front(scene, row)
                                                               : figures_of_curves(scene, row);
    for (Figure& figure : some) {
      figure.kind = row.kind;
      figure.section = row.section;
      all.push_back(std::move(figure));
    }
  }
  return all;
}

}  // namespace tubal::analysis
