#include "analysis/figures/against.hpp"

#include <algorithm>
#include <cctype>
#include <set>

#include "analysis/figures/comparable.hpp"
#include "analysis/read/text.hpp"

namespace tubal::analysis {

namespace {

constexpr std::size_t most_panels = 6;  // more of them share one

FigureAxis axis_of(const Factor& f, const std::set<std::string>& present) {
  FigureAxis axis;
  axis.title = f.name;
  for (const std::string& value : f.values)
    if (present.contains(value)) axis.values.push_back(value);
  for (std::size_t i = 0; i < axis.values.size(); ++i)
    axis.at.push_back(f.numeric ? std::stod(axis.values[i]) : static_cast<double>(i));
  const bool wide = axis.at.front() > 0 && axis.at.back() >= 4 * axis.at.front();
  axis.scale = !f.numeric ? FigureAxis::Scale::names
               : wide     ? FigureAxis::Scale::log
                          : FigureAxis::Scale::linear;
  return axis;
}

double place(const FigureAxis& axis, const std::string& value) {
  return axis.at[static_cast<std::size_t>(std::find(axis.values.begin(), axis.values.end(), value) -
                                          axis.values.begin())];
}

// The baseline where it is no point of a panel, the bag of words, the best n-gram.
void add_references(const Subject& s, Figure& figure) {
  const Scene& scene = s.scene;
  const auto line = [&](const std::string& panel, const char* kind, const CellResult& r) {
    figure.references.push_back({panel, kind, short_name(scene.study, scene.cell(r)), s.of(r), r.cell});
  };
  std::set<std::string> kinds;
  for (const std::string& panel : figure.panels) {
    std::set<std::size_t> cells, bases;
    for (const FigurePoint& p : figure.points)
      if (p.panel == panel) {
        cells.insert(p.cell);
        if (const long base = scene.comparison.results[p.cell].reference; base >= 0)
          bases.insert(static_cast<std::size_t>(base));
      }
    if (bases.size() == 1 && !cells.contains(*bases.begin()) &&
        s.drawable(scene.comparison.results[*bases.begin()]))
      line(panel, "baseline", scene.comparison.results[*bases.begin()]);
    for (const CellResult& r : scene.comparison.results)
      if (s.drawable(r) && is_bag_of_words(scene.study, scene.cell(r))) {
        line(panel, "bag", r);
        break;
      }
    if (const Ngram* best = best_ngram(scene.ngrams, s.measure()))
      figure.references.push_back({panel, "ngram", best->name, s.measure().shown(best->figure), {}});
  }
  for (const FigureReference& r : figure.references) kinds.insert(r.kind);
  if (kinds.contains("baseline")) figure.note += " Dashed: the baseline.";
  if (kinds.contains("bag")) figure.note += " Dotted: bag of words.";
  if (kinds.contains("ngram"))
    figure.note += " Dotted: the best n-gram, " + best_ngram(scene.ngrams, s.measure())->name + ".";
}

std::string interval_words(const Scene& scene) {
  return "Bars: " + text::format("%.0f", 100 * scene.comparison.level) + " % bootstrap intervals over seeds.";
}

Figure figure_named(const Subject& s, const std::string& name, const std::string& title) {
  Figure figure;
  figure.id = s.name() + "-by-";
  for (const char c : name) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) || c == '_';
    if (plain || figure.id.back() != '-') figure.id += plain ? c : '-';
  }
  figure.title = text::capital(s.title()) + title;
  figure.y.title = s.title();
  figure.y.prefixes = !s.judged() && s.row.quantity->prefixes;
  figure.y.from_zero = !s.judged();
  figure.small = s.row.against == Against::first_factor;
  return figure;
}

// Empty points where no two cells differ in the factor alone.
Figure against(const Subject& s, std::size_t k) {
  const Factor& factor = s.scene.factors.all[k];
  Figure figure = figure_named(s, factor.name, " against " + factor.name);
  const Comparable found = comparable(s, k);
  if (found.lines.empty()) return figure;
  figure.colour = found.colour;
  figure.panels = found.panels;
  if (figure.panels.size() > most_panels || figure.small) figure.panels = {"all"};
  figure.x = axis_of(factor, found.present);
  for (const ComparableLine& line : found.lines) {
    FigureLine drawn{figure.panels.size() == 1 ? figure.panels[0] : line.panel, line.series, {}};
    for (const CellResult* r : line.members) {
      FigurePoint p = s.point(*r);
      p.panel = drawn.panel;
      p.series = figure.colour && s.any(*r, *figure.colour) ? any_value : line.series;
      p.x = place(figure.x, s.value(*r, k));
      const auto same = std::find_if(figure.points.begin(), figure.points.end(), [&](const FigurePoint& q) {
        return q.cell == p.cell && q.panel == p.panel && q.series == p.series;
      });
      drawn.points.push_back(static_cast<std::size_t>(same - figure.points.begin()));
      if (same == figure.points.end()) figure.points.push_back(p);
    }
    std::stable_sort(drawn.points.begin(), drawn.points.end(),
                     [&](std::size_t a, std::size_t b) { return figure.points[a].x < figure.points[b].x; });
    if (figure.x.scale != FigureAxis::Scale::names) figure.lines.push_back(std::move(drawn));
  }
  if (s.judged()) {
    figure.note =
        (figure.lines.empty() ? "" : "Lines join cells that differ in " + factor.name + " alone. ") +
        interval_words(s.scene);
    add_references(s, figure);
  }
  return figure;
}

// Every cell that has a figure, one below the other.
Figure by_cell(const Subject& s) {
  Figure figure = figure_named(s, "cell", " of each cell");
  figure.x.scale = FigureAxis::Scale::names;
  figure.panels = {"all"};
  for (const CellResult& r : s.scene.results) {
    if (!s.drawable(r)) continue;
    FigurePoint p = s.point(r);
    p.panel = p.series = "all";
    p.x = static_cast<double>(figure.points.size());
    figure.points.push_back(p);
    figure.x.values.push_back(s.scene.cell(r).label);
    figure.x.at.push_back(p.x);
  }
  figure.note = interval_words(s.scene);
  return figure;
}

}  // namespace

std::vector<Figure> figures_against(const Scene& scene, const FigureRow& row) {
  const Subject subject{scene, row};
  std::vector<Figure> all;
  std::vector<std::size_t> wanted = scene.factors.varied;
  if (row.against == Against::first_factor && !wanted.empty())
    wanted = {scene.factors.varied_key("model.p").value_or(wanted[0])};
  for (const std::size_t k : wanted)
    if (Figure figure = against(subject, k); !figure.points.empty()) all.push_back(std::move(figure));
  if (all.empty() && subject.judged())
    if (Figure figure = by_cell(subject); !figure.points.empty()) all.push_back(std::move(figure));
  return all;
}

}  // namespace tubal::analysis
