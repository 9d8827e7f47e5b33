// Figures for papers as gnuplot scripts that hold their own data: accuracy, learning curves, Pareto fronts.
#include <algorithm>
#include <cmath>
#include <set>

#include "analysis/export.hpp"
#include "analysis/gnuplot.hpp"
#include "analysis/text.hpp"

namespace tubal::analysis {

namespace {

using gnuplot::number;
using gnuplot::literal;
using gnuplot::style;

std::string metric_label(const Comparison& c) {
  return c.metric == "test_accuracy" ? "test accuracy (%)" : "validation accuracy (%)";
}

// "mean low high" in %; an interval that is not there has no length.
std::string interval_line(const CellResult& r) {
  const bool known = !std::isnan(r.interval.low);
  return number(100 * r.accuracy) + " " + number(100 * (known ? r.interval.low : r.accuracy)) + " " +
         number(100 * (known ? r.interval.high : r.accuracy));
}

const std::string interval_comment(const Comparison& c) {
  return "# Points: mean over the complete seeds; bars: " + text::format("%.0f", 100 * c.level) +
         " % percentile bootstrap interval over seeds (none for one seed).\n";
}

// The swept number to draw against: p, else the width, else the first; npos where there is none.
std::size_t abscissa(const Study& s) {
  std::vector<std::size_t> fit;
  for (std::size_t k = 0; k < s.swept.size(); ++k) {
    const Column& column = s.column(s.swept[k]);
    const std::set<std::string> values(column.texts.begin(), column.texts.end());
    if (column.type != 's' && values.size() > 1 && !values.contains("")) fit.push_back(k);
  }
  for (const char* first : {"model.p", "model.width"})
    for (const std::size_t k : fit)
      if (s.swept[k] == first) return k;
  return fit.empty() ? std::string::npos : fit[0];
}

// A cell's values but the k-th, in words.
std::string series_of(const Study& s, const Cell& cell, std::size_t k) {
  const std::vector<std::string> names = short_names(s.swept);
  std::string label;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (i != k && cell.values[i] != "\u2013")
      label += (label.empty() ? "" : " ") + (names.size() == 2 ? "" : names[i] + "=") + cell.values[i];
  return label;
}

Figure accuracy_against(const Study& s, const Comparison& c, const std::vector<CellResult>& results,
                        std::size_t k) {
  std::vector<std::string> order;
  std::map<std::string, std::vector<const CellResult*>> series;
  std::set<double> ticks;
  const Column& column = s.column(s.swept[k]);
  const auto x_of = [&](const CellResult& r) { return column.numbers[s.cells[r.cell].rows[0]]; };
  for (const CellResult& r : results) {
    if (!r.seeds) continue;
    std::string label = series_of(s, s.cells[r.cell], k);
    if (label.empty()) label = s.swept.size() == 1 ? s.name : s.cells[r.cell].label;
    if (!series.contains(label)) order.push_back(label);
    series[label].push_back(&r);
    ticks.insert(x_of(r));
  }
  const bool log = !ticks.empty() && *ticks.begin() > 0 && *ticks.rbegin() >= 4 * *ticks.begin();
  const double span = ticks.empty() ? 0 : *ticks.rbegin() - *ticks.begin();
  std::string data, plot, marks;
  for (const double x : ticks)
    marks += (marks.empty() ? "" : ", ") + literal(text::exact(x)) + " " + number(x);
  for (std::size_t i = 0; i < order.size(); ++i) {
    auto& points = series[order[i]];
    std::sort(points.begin(), points.end(), [&](auto* a, auto* b) { return x_of(*a) < x_of(*b); });
    const std::string block = "$series" + std::to_string(i);
    data += block + " << EOD\n";
    const double aside =
        static_cast<double>(i) - static_cast<double>(order.size() - 1) / 2;  // bars side by side
    for (const CellResult* r : points)
      data += number(log ? x_of(*r) * std::pow(1.03, aside) : x_of(*r) + 0.01 * span * aside) + " " +
              interval_line(*r) + "\n";
    data += "EOD\n";
    plot += (i ? ", \\\n     " : "plot ") + block + " using 1:2:3:4 with yerrorlines " + style(i) +
            " title " + literal(order[i]);
    if (points.size() == 1 && s.cells[points[0]->cell].baseline)
      plot += ", \\\n     " + number(100 * points[0]->accuracy) + " with lines dashtype 3 " +
              gnuplot::color(i) + " notitle";
  }
  return {"accuracy",
          gnuplot::script(
              "accuracy",
              interval_comment(c) +
                  "# Series stand a little aside of each other, so that their bars can be told apart.\n",
              data,
              "set xlabel " + literal(short_names(s.swept)[k]) + "\nset ylabel " + literal(metric_label(c)) +
                  "\nset xtics (" + marks + ")\n" +
                  (log ? "set logscale x 2\nset xrange [" + number(*ticks.begin() / 1.25) + ":" +
                             number(*ticks.rbegin() * 1.25) + "]\n"
                       : "set offsets graph 0.05, graph 0.05, 0, 0\n"),
              plot, order.size(), 6.5)};
}

Figure accuracy_by_cell(const Study& s, const Comparison& c, const std::vector<CellResult>& results) {
  std::string data = "$cells << EOD\n", marks;
  int i = 0;
  for (const CellResult& r : results) {
    if (!r.seeds) continue;
    data += std::to_string(i) + " " + interval_line(r) + "\n";
    marks += (i ? ", " : "") + literal(s.cells[r.cell].label) + " " + std::to_string(i);
    ++i;
  }
  return {"accuracy", gnuplot::script("accuracy", interval_comment(c), data + "EOD\n",
                                      "set xlabel " + literal(metric_label(c)) + "\nset yrange [" +
                                          number(i - 0.5) + ":-0.5]\nset ytics (" + marks + ")\n",
                                      "plot $cells using 2:1:3:4 with xerrorbars " + style(0) + " notitle", 0,
                                      2 + 0.5 * std::max(4, i))};
}

Figure learning_curves(const Study& s, const std::vector<CellResult>& results) {
  std::string data, plot;
  std::size_t n = 0;
  for (const CellResult& r : results) {
    std::vector<std::vector<double>> curves;
    for (const std::size_t row : s.cells[r.cell].rows)
      if (s.rows[row].complete())
        if (auto t = read_curves(s.folder.trial(s.rows[row].id)); t.metrics.contains("validation_accuracy"))
          curves.push_back(t.metrics["validation_accuracy"]);
    std::size_t epochs = curves.empty() ? 0 : curves[0].size();
    for (const auto& curve : curves) epochs = std::min(epochs, curve.size());
    if (!epochs) continue;
    const std::string block = "$cell" + std::to_string(n);
    data += block + " << EOD\n";
    for (std::size_t e = 0; e < epochs; ++e) {
      std::vector<double> x;
      for (const auto& curve : curves) x.push_back(100 * curve[e]);
      const double mean = statistics::mean(x), d = x.size() > 1 ? statistics::deviation(x) : 0;
      data +=
          std::to_string(e + 1) + " " + number(mean) + " " + number(mean - d) + " " + number(mean + d) + "\n";
    }
    data += "EOD\n";
    const std::string label = s.cells[r.cell].label;
    plot += (n ? ", \\\n     " : "plot ") + block +
            " using 1:3:4 with filledcurves fillstyle transparent solid 0.15 noborder " + gnuplot::color(n) +
            " notitle, \\\n     " + block + " using 1:2 with linespoints " + style(n) + " title " +
            literal(label);
    ++n;
  }
  if (!n) return {};
  return {
      "curves",
      gnuplot::script(
          "curves",
          "# Lines: mean over the complete seeds of a cell, as far as all of them trained; bands: sample "
          "deviation.\n",
          data, "set xlabel 'epoch'\nset ylabel 'validation accuracy (%)'\nset xtics 1\nset xtics autofreq\n",
          plot, n, 6.5)};
}

Figure pareto(const Study& s, const Comparison& c, const std::vector<CellResult>& results, bool time) {
  std::string all, front, left_out;
  std::vector<const CellResult*> on_front;
  for (const CellResult& r : results) {
    const double cost = time ? r.seconds : r.encoder;
    if (!r.seeds) continue;
    if (!(cost > 0)) {  // a logarithmic axis has no place for it
      left_out += "# Not drawn, it has no " + std::string(time ? "time" : "encoder") + ": " +
                  s.cells[r.cell].label + "\n";
      continue;
    }
    all += number(cost) + " " + interval_line(r) + "\n";
    if (time ? r.front_seconds : r.front_parameters) on_front.push_back(&r);
  }
  if (all.empty()) return {};
  std::sort(on_front.begin(), on_front.end(),
            [&](auto* a, auto* b) { return time ? a->seconds < b->seconds : a->encoder < b->encoder; });
  for (const CellResult* r : on_front) {
    std::string label = s.cells[r->cell].label;
    std::replace(label.begin(), label.end(), '"', '\'');
    front +=
        number(time ? r->seconds : r->encoder) + " " + number(100 * r->accuracy) + " \"" + label + "\"\n";
  }
  const std::string name = time ? "pareto_seconds" : "pareto_parameters";
  std::string plot = "plot $cells using 1:2:3:4 with yerrorbars lt rgb '#999999' pt 6 ps 0.5 title 'cells'";
  if (!front.empty())
    plot += ", \\\n     $front using 1:2 with steps " + gnuplot::color(0) +
            " lw 1.2 notitle, \\\n     $front using 1:2 with points " + gnuplot::color(0) +
            " pt 7 ps 0.6 title 'front', \\\n     $front using 1:2:3 with labels left offset 0.6,-0.5 font "
            "',6' notitle";
  return {name,
          gnuplot::script(
              name, interval_comment(c) + "# Front: no other cell is as accurate at less cost.\n" + left_out,
              "$cells << EOD\n" + all + "EOD\n" + (front.empty() ? "" : "$front << EOD\n" + front + "EOD\n"),
              std::string("set logscale x\nset format x ") + (time ? "'%g'" : "'%.1s%c'") +
                  "\nset offsets graph 0.1, graph 0.35, graph 0.08, graph 0.08\nset xlabel " +
                  literal(time ? "time of a trial (s)" : "encoder parameters") + "\nset ylabel " +
                  literal(metric_label(c)) + "\n",
              plot, 2, 6.5)};
}

}  // namespace

std::vector<Figure> figures(const Study& s, const Comparison& c, const std::vector<CellResult>& results) {
  std::vector<Figure> all;
  const std::size_t k = abscissa(s);
  if (std::any_of(results.begin(), results.end(), [](const CellResult& r) { return r.seeds > 0; }))
    all.push_back(k == std::string::npos ? accuracy_by_cell(s, c, results)
                                         : accuracy_against(s, c, results, k));
  for (Figure figure :
       {learning_curves(s, results), pareto(s, c, results, false), pareto(s, c, results, true)})
    if (!figure.name.empty()) all.push_back(std::move(figure));
  return all;
}

}  // namespace tubal::analysis
