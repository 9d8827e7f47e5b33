#include "analysis/figures/curves.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/figures/over_seeds.hpp"
#include "analysis/read/text.hpp"
#include "core/error.hpp"
#include "core/metrics.hpp"

namespace tubal::analysis {

namespace {

constexpr std::size_t most_numbers = 120000;  // of all curves; about seven bytes each in a report
constexpr std::size_t most_positions = 60;    // of one

struct Part {
  std::string column, words;
};

// A study's curves of one cell and part, without the words of the figure; empty where it has none.
FigureCurve curve_of(const Scene& scene, const CellResult& r, const Measure& m, const Part& part) {
  FigureCurve curve;
  std::vector<const TrialCurves*> trials;
  for (const std::size_t row : scene.cell(r).rows)
    if (!scene.curves[row].epoch.empty()) trials.push_back(&scene.curves[row]);
  const auto epochs = [](const TrialCurves* t) -> const std::vector<double>& { return t->epoch; };
  const auto series = [](const std::string& name) {
    return [name](const TrialCurves* t) {
      const auto found = t->metrics.find(name);
      return found == t->metrics.end() ? nullptr : &found->second;
    };
  };
  const std::size_t share = most_numbers / 12 / std::max<std::size_t>(scene.results.size(), 1);
  const std::vector<double> at =
      all_epochs(trials, epochs, std::clamp<std::size_t>(share, 2, most_positions));
  const Ranges range = over_seeds(trials, at, epochs, series(part.column));
  for (std::size_t i = 0; i < at.size(); ++i) {
    Range step;
    std::size_t seeds = 0;
    for (const TrialCurves* t : trials) {
      const std::size_t e = position(t->epoch, at[i]);
      if (e == t->epoch.size()) continue;
      ++seeds;
      if (const std::vector<double>* v = series("step")(t); v && e < v->size()) step.add((*v)[e]);
    }
    const double x = m.language ? step.mean() : at[i];
    if (std::isnan(x) || std::isnan(range.mean[i])) continue;
    curve.x.push_back(x);
    curve.mean.push_back(rounded(m.shown(range.mean[i])));
    curve.low.push_back(rounded(m.shown(range.low[i])));
    curve.high.push_back(rounded(m.shown(range.high[i])));
    curve.seeds.push_back(seeds);
  }
  return curve;
}

// The unigram and the best n-gram of the validation part, in each panel, where they lie among the curves.
void add_references(const Scene& scene, const Measure& m, Figure& figure) {
  const Ngram* best = best_ngram(scene.ngrams, scene.comparison.measure);
  if (!best || std::string(m.metric->stored) != scene.comparison.measure.metric->stored) return;
  double low = HUGE_VAL, high = -HUGE_VAL;
  for (const FigureCurve& curve : figure.curves)
    for (std::size_t i = 0; i < curve.x.size(); ++i) {
      low = std::min(low, curve.low[i]);
      high = std::max(high, curve.high[i]);
    }
  const double more = 0.06 * (high - low);
  std::vector<std::string> named;
  for (const Ngram& row : scene.ngrams[0].rows) {
    const double y = m.shown(row.validation);
    if ((&row != best && row.name != "unigram") || !(y >= low - more && y <= high + more)) continue;
    named.push_back(row.name);
    for (const std::string& panel : figure.panels)
      figure.references.push_back({panel, "ngram", row.name, y, {}});
  }
  if (!named.empty()) figure.note = "Dotted: n-grams, " + join(named, ", ") + ".";
}

std::string panel_of(const Scene& scene, const Cell& cell) {
  const Factors& f = scene.factors;
  if (!f.panel) return "others";
  const std::vector<std::string>& values = f.all[*f.panel].values;
  const bool there = std::find(values.begin(), values.end(), cell.values[*f.panel]) != values.end();
  return there ? f.all[*f.panel].name + " = " + cell.values[*f.panel] : "others";
}

std::vector<std::string> panels_of(const Scene& scene, const Figure& figure) {
  std::vector<std::string> wanted, present;
  if (const auto k = scene.factors.panel)
    for (const std::string& value : scene.factors.all[*k].values)
      wanted.push_back(scene.factors.all[*k].name + " = " + value);
  wanted.push_back("others");
  for (const std::string& panel : wanted)
    if (std::any_of(figure.curves.begin(), figure.curves.end(), [&](auto& c) { return c.panel == panel; }))
      present.push_back(panel);
  return present;
}

Figure curves_of(const Scene& scene, const Measure& m) {
  const std::string position = m.language ? "step" : "epoch";
  const bool training = m.metric->language && m.metric->classifier;  // the loss, which training lowers
  std::vector<Part> parts;
  parts.push_back({std::string("validation_") + m.metric->stored, "validation"});
  if (training) parts.push_back({std::string("train_") + m.metric->stored, "training, with dropout"});
  Figure figure;
  figure.id = "curve-" + std::string(m.metric->name);
  std::replace(figure.id.begin(), figure.id.end(), '_', '-');
  figure.y.title = training ? m.head() : m.axis();
  figure.title =
      text::capital(figure.y.title) + " by " + position + (training ? ", training and validation" : "");
  figure.x.title = position;
  figure.x.prefixes = m.language;
  figure.colour = scene.factors.colour;
  for (const CellResult& r : scene.results) {
    const Cell& cell = scene.cell(r);
    if (is_bag_of_words(scene.study, cell)) continue;
    for (const Part& part : parts) {
      FigureCurve curve = curve_of(scene, r, m, part);
      if (curve.x.empty()) continue;
      curve.cell = r.cell;
      curve.part = part.words;
      curve.panel = panel_of(scene, cell);
      curve.series = series_of(scene.study, cell, scene.factors, figure.colour);
      figure.curves.push_back(std::move(curve));
    }
  }
  figure.panels = panels_of(scene, figure);
  add_references(scene, m, figure);
  return figure;
}

}  // namespace

std::vector<Figure> figures_of_curves(const Scene& scene, const FigureRow&) {
  const Measure& judged = scene.comparison.measure;
  std::vector<Figure> all;
  for (const Metric& metric : metrics()) {
    if (!is_of(metric, judged.language)) continue;
    if (std::string(metric.stored) != metric.name && &metric != judged.metric) continue;
    Figure figure = curves_of(scene, {&metric, false, judged.language, {}});
    if (!figure.curves.empty()) all.push_back(std::move(figure));
  }
  return all;
}

}  // namespace tubal::analysis
