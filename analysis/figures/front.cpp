#include "analysis/figures/front.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/read/text.hpp"
#include "analysis/statistics/statistics.hpp"
#include "core/error.hpp"

namespace tubal::analysis {

constexpr double wide = 3;  // costs that span more than this factor stand on a logarithmic axis

// As Comparison::results.
static std::vector<bool> front_of(const Comparison& c, const Quantity& cost) {
  std::vector<double> costs, worth;
  for (const CellResult& r : c.results) {
    costs.push_back(cost.of(r));
    worth.push_back(c.measure.worth(r.mean));
  }
  return statistics::pareto(costs, worth);
}

std::vector<Figure> figures_of_front(const Scene& scene, const FigureRow& row) {
  const Measure& m = scene.comparison.measure;
  const Quantity& cost = *row.quantity;
  const std::vector<bool> front = front_of(scene.comparison, cost);
  Figure figure;
  figure.id = "front-" + std::string(cost.name);
  figure.title = text::capital(m.axis()) + " against " + cost.title;
  figure.note = cost.note;
  figure.colour = scene.factors.colour;
  figure.panels = {"all"};
  std::vector<std::string> left_out;
  for (const CellResult& r : scene.results) {
    if (!r.seeds) continue;
    FigurePoint p;
    p.cell = r.cell;
    p.panel = "all";
    p.series = series_of(scene.study, scene.cell(r), scene.factors, figure.colour);
    p.x = cost.of(r);
    p.y = m.shown(r.mean);
    if (!std::isnan(r.interval.low)) {
      p.low = m.shown(r.interval.low);
      p.high = m.shown(r.interval.high);
    }
    p.front = front[r.cell];
    if (p.x > 0)
      figure.points.push_back(p);
    else
      left_out.push_back(short_name(scene.study, scene.cell(r)));
  }
  if (figure.points.empty()) return {};
  if (!left_out.empty())
    figure.note += (figure.note.empty() ? "" : " ") + std::string("Not drawn, since it has none: ") +
                   join(left_out, ", ") + ".";
  const auto [low, high] = std::minmax_element(figure.points.begin(), figure.points.end(),
                                               [](auto& a, auto& b) { return a.x < b.x; });
  figure.x.title = cost.title;
  figure.x.prefixes = cost.prefixes;
  figure.x.scale = high->x > wide * low->x ? FigureAxis::Scale::log : FigureAxis::Scale::linear;
  figure.y.title = m.axis() + (m.lower() ? ", lower is better" : "");
  return {figure};
}

}  // namespace tubal::analysis
