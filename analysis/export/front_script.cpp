#include "analysis/export/front_script.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/export/gnuplot.hpp"
#include "analysis/read/text.hpp"

namespace tubal::analysis {

using gnuplot::number;

FigureScript front_script(const Scene& scene, const Figure& f) {
  std::vector<FigurePoint> points = f.points;
  std::stable_sort(points.begin(), points.end(), [](auto& a, auto& b) { return a.x < b.x; });
  std::string all, front;
  for (const FigurePoint& p : points) {
    all += number(p.x) + " " + interval_fields(p) + "\n";
    if (p.front) front += number(p.x) + " " + number(p.y) + " " + quoted_label(scene, p.cell) + "\n";
  }
  std::string plot = "plot $cells using 1:2:3:4 with yerrorbars lt rgb '#999999' pt 6 ps 0.5 title 'cells'";
  if (!front.empty())
    plot += ", \\\n     $front using 1:2 with steps " + gnuplot::color(0) +
            " lw 1.2 notitle, \\\n     $front using 1:2 with points " + gnuplot::color(0) +
            " pt 7 ps 0.6 title 'front', \\\n     $front using 1:2:3 with labels left offset 0.6,-0.5 font "
            "',6' notitle";
  // Room for the words at the right end.
  const bool log = f.x.scale == FigureAxis::Scale::log;
  const double first = points.front().x, last = points.back().x;
  const double span = last > first ? last - first : std::abs(last);
  const double low = log ? first / 1.5 : first - 0.08 * span;
  const double high = log ? last * 1.3 * std::sqrt(last / first) : last + 0.6 * span;
  const bool lower = scene.comparison.measure.lower();
  return {
      f.id,
      gnuplot::script(
          f.id,
          opening(
              f, "# Points: mean over the complete seeds; bars: " +
                     text::format("%.0f", 100 * scene.comparison.level) +
                     " % bootstrap intervals over seeds (none for one seed).\n# Front: no other cell is as " +
                     (lower ? "low" : "accurate") + " at less cost.\n"),
          "$cells << EOD\n" + all + "EOD\n" + (front.empty() ? "" : "$front << EOD\n" + front + "EOD\n"),
          tics("x", f.x, low, high) + "set xrange [" + number(low) + ":" + number(high) +
              "]\nset offsets 0, 0, graph 0.08, graph 0.08\n" + tics("y", f.y, 0, 0),
          plot, 6.5)};
}

}  // namespace tubal::analysis
