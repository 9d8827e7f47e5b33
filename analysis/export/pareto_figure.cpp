#include "analysis/export/pareto_figure.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/export/gnuplot.hpp"
#include "analysis/read/text.hpp"

namespace tubal::analysis {

using gnuplot::literal;
using gnuplot::number;

// A logarithmic axis with tics at 1, 2, 5 times powers of ten, and room for words at its right end.
static std::string log_axis(double low, double high, bool time) {
  std::string tics;
  for (int power = -3; power < 15; ++power)
    for (const int digit : {1, 2, 5}) {
      const double x = digit * std::pow(10., power);
      if (x < low / 1.5 || x > high * 2 || (digit > 1 && high > 100 * low)) continue;
      const std::string label = time      ? text::format("%g", x)
                                : x < 1e3 ? text::format("%g", x)
                                : x < 1e6 ? text::format("%g k", x / 1e3)
                                          : text::format("%g M", x / 1e6);
      tics += (tics.empty() ? "" : ", ") + literal(label) + " " + number(x);
    }
  return "set logscale x\nset xrange [" + number(low / 1.5) + ":" +
         number(high * 1.3 * std::sqrt(high / low)) + "]\nset xtics (" + tics + ")\n";
}

Figure pareto_figure(const Study& s, const Comparison& c, const std::vector<CellResult>& results, bool time) {
  std::string all, front, left_out;
  std::vector<const CellResult*> on_front;
  double low = HUGE_VAL, high = 0;
  for (const CellResult& r : results) {
    const double cost = time ? r.seconds : r.encoder;
    if (!r.seeds) continue;
    if (!(cost > 0)) {  // a logarithmic axis has no place for it
      left_out += "# Not drawn, it has no " + std::string(time ? "time" : "encoder") + ": " +
                  s.cells[r.cell].label + "\n";
      continue;
    }
    low = std::min(low, cost), high = std::max(high, cost);
    all += number(cost) + " " + interval_line(c.measure, r) + "\n";
    if (time ? r.front_seconds : r.front_parameters) on_front.push_back(&r);
  }
  if (all.empty()) return {};
  std::sort(on_front.begin(), on_front.end(),
            [&](auto* a, auto* b) { return time ? a->seconds < b->seconds : a->encoder < b->encoder; });
  for (const CellResult* r : on_front) {
    std::string label = s.cells[r->cell].label;
    std::replace(label.begin(), label.end(), '"', '\'');
    front += number(time ? r->seconds : r->encoder) + " " + number(c.measure.shown(r->mean)) + " \"" + label +
             "\"\n";
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
              name,
              interval_comment(c) +
                  (c.measure.lower() ? "# Front: no other cell is as low at less cost.\n"
                                     : "# Front: no other cell is as accurate at less cost.\n") +
                  left_out,
              "$cells << EOD\n" + all + "EOD\n" + (front.empty() ? "" : "$front << EOD\n" + front + "EOD\n"),
              log_axis(low, high, time) + "set offsets 0, 0, graph 0.08, graph 0.08\nset xlabel " +
                  literal(time ? "time of a trial (s)" : "encoder parameters") + "\nset ylabel " +
                  literal(c.measure.axis() + (c.measure.lower() ? ", lower is better" : "")) + "\n",
              plot, 2, 6.5)};
}

}  // namespace tubal::analysis
