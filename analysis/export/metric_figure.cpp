#include "analysis/export/metric_figure.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "analysis/export/gnuplot.hpp"
#include "analysis/read/text.hpp"
#include "core/axis_names.hpp"
#include "core/text_table.hpp"

namespace tubal::analysis {

using gnuplot::literal;
using gnuplot::number;
using gnuplot::style;

namespace {

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
  const std::vector<std::string> names = axis_names(s.swept);
  std::string label;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (i != k && cell.values[i] != "\u2013")
      label += (label.empty() ? "" : " ") + (names.size() == 2 ? "" : names[i] + "=") + cell.values[i];
  return label;
}

Figure metric_against(const Study& s, const Comparison& c, const std::vector<CellResult>& results,
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
  const auto shared = [&](double x) {
    return std::count_if(results.begin(), results.end(), [&](auto& r) { return r.seeds && x_of(r) == x; }) >
           1;
  };
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
      data += number(!shared(x_of(*r)) ? x_of(*r)
                     : log             ? x_of(*r) * std::pow(1.03, aside)
                                       : x_of(*r) + 0.01 * span * aside) +
              " " + interval_line(c.measure, *r) + "\n";
    data += "EOD\n";
    plot += (i ? ", \\\n     " : "plot ") + block + " using 1:2:3:4 with yerrorlines " + style(i) +
            " title " + literal(order[i]);
    if (points.size() == 1 && s.cells[points[0]->cell].baseline)
      plot += ", \\\n     " + number(c.measure.shown(points[0]->mean)) + " with lines dashtype 3 " +
              gnuplot::color(i) + " notitle";
  }
  const std::string name = c.measure.metric->name;
  return {name,
          gnuplot::script(
              name,
              interval_comment(c) +
                  "# Series stand a little aside of each other, so that their bars can be told apart.\n",
              data,
              "set xlabel " + literal(axis_names(s.swept)[k]) + "\nset ylabel " + literal(c.measure.axis()) +
                  "\nset xtics (" + marks + ")\n" +
                  (log ? "set logscale x 2\nset xrange [" + number(*ticks.begin() / 1.25) + ":" +
                             number(*ticks.rbegin() * 1.25) + "]\n"
                       : "set offsets graph 0.05, graph 0.05, 0, 0\n"),
              plot, order.size(), 6.5)};
}

Figure metric_by_cell(const Study& s, const Comparison& c, const std::vector<CellResult>& results) {
  std::string data = "$cells << EOD\n", marks;
  int i = 0;
  int longest = 0;
  for (const CellResult& r : results) {
    if (!r.seeds) continue;
    longest = std::max(longest, columns(s.cells[r.cell].label));
    data += std::to_string(i) + " " + interval_line(c.measure, r) + "\n";
    marks += (i ? ", " : "") + gnuplot::tick(s.cells[r.cell].label) + " " + std::to_string(i);
    ++i;
  }
  // A letter of 8 points is about 0.15 cm wide; long labels need both columns of a paper.
  const double label = 0.15 * static_cast<double>(longest) + 0.4, width = label > 4 ? 17.8 : 8.6;
  const std::string name = c.measure.metric->name;
  return {name, gnuplot::script(name, interval_comment(c), data + "EOD\n",
                                "set xlabel " + literal(c.measure.axis()) + "\nset yrange [" +
                                    number(i - 0.5) + ":-0.5]\nset ytics (" + marks +
                                    ")\nset lmargin at screen " + number(std::min(0.7, label / width)) + "\n",
                                "plot $cells using 2:1:3:4 with xerrorbars " + style(0) + " notitle", 0,
                                2 + 0.5 * std::max(4, i), width)};
}

}  // namespace

Figure metric_figure(const Study& s, const Comparison& c, const std::vector<CellResult>& results) {
  if (std::none_of(results.begin(), results.end(), [](const CellResult& r) { return r.seeds > 0; }))
    return {};
  const std::size_t k = abscissa(s);
  return k == std::string::npos ? metric_by_cell(s, c, results) : metric_against(s, c, results, k);
}

}  // namespace tubal::analysis
