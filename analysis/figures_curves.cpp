// Learning curves with bands over seeds.
#include <algorithm>

#include "analysis/figures.hpp"

namespace tubal::analysis {

using gnuplot::literal;
using gnuplot::number;
using gnuplot::style;

Figure curves_figure(const Study& s, const std::vector<CellResult>& results) {
  std::string data, plot;
  std::size_t n = 0, longest = 0;
  for (const CellResult& r : results) {
    std::vector<std::vector<double>> curves;
    for (const std::size_t row : s.cells[r.cell].rows)
      if (s.rows[row].complete())
        if (auto t = read_curves(s.folder.trial(s.rows[row].id)); t.metrics.contains("validation_accuracy"))
          curves.push_back(t.metrics["validation_accuracy"]);
    std::size_t epochs = curves.empty() ? 0 : curves[0].size();
    for (const auto& curve : curves) epochs = std::min(epochs, curve.size());
    if (!epochs) continue;
    longest = std::max(longest, epochs);
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
  return {"curves",
          gnuplot::script(
              "curves",
              "# Lines: mean over the complete seeds of a cell, as far as all of them trained; bands: sample "
              "deviation.\n",
              data,
              "set xlabel 'epoch'\nset ylabel 'validation accuracy (%)'\n" +
                  std::string(longest <= 12 ? "set xtics 1\n" : "") +
                  "set xrange [0.8:" + number(static_cast<double>(longest) + 0.2) + "]\n",
              plot, n, 6.5)};
}

}  // namespace tubal::analysis
