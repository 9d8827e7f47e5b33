#include "analysis/export/curves_figure.hpp"

#include <algorithm>

#include "analysis/export/gnuplot.hpp"
#include "analysis/read/text.hpp"
#include "analysis/read/trial.hpp"

namespace tubal::analysis {

using gnuplot::literal;
using gnuplot::number;
using gnuplot::style;

Figure curves_figure(const Study& s, const Comparison& c, const std::vector<CellResult>& results) {
  Measure m = c.measure;
  m.test = false;
  const std::string column = m.column(), position = m.language ? "step" : "epoch";
  std::string data, plot;
  std::size_t n = 0, longest = 0;
  const auto shown = [&](double x) { return m.exponential() ? m.shown(x) : x; };
  for (const CellResult& r : results) {
    std::vector<std::vector<double>> curves;
    std::vector<double> steps;
    for (const std::size_t row : s.cells[r.cell].rows)
      if (s.rows[row].complete())
        if (auto t = read_curves(s.folder.trial(s.rows[row].id)); t.metrics.contains(column)) {
          curves.push_back(t.metrics[column]);
          if (m.language && steps.empty()) steps = t.metrics["step"];
        }
    std::size_t epochs = curves.empty() ? 0 : curves[0].size();
    for (const auto& curve : curves) epochs = std::min(epochs, curve.size());
    if (!epochs) continue;
    longest = std::max(longest, epochs);
    const std::string block = "$cell" + std::to_string(n);
    data += block + " << EOD\n";
    for (std::size_t e = 0; e < epochs; ++e) {
      std::vector<double> x;
      for (const auto& curve : curves) x.push_back(m.metric->scale * curve[e]);
      const double mean = statistics::mean(x), d = x.size() > 1 ? statistics::deviation(x) : 0;
      data += (e < steps.size() ? number(steps[e]) : std::to_string(e + 1)) + " " + number(shown(mean)) +
              " " + number(shown(mean - d)) + " " + number(shown(mean + d)) + "\n";
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
  return {"curves",
          gnuplot::script(
              "curves",
              "# Lines: mean over the complete seeds of a cell, as far as all of them trained; bands: sample "
              "deviation.\n",
              data,
              "set xlabel " + literal(position) + "\nset ylabel " + literal(m.axis()) + "\n" +
                  (m.language ? "set offsets graph 0.02, graph 0.02, 0, 0\n"
                              : std::string(longest <= 12 ? "set xtics 1\n" : "") +
                                    "set xrange [0.8:" + number(static_cast<double>(longest) + 0.2) + "]\n"),
              plot, n, 6.5)};
}

}  // namespace tubal::analysis
