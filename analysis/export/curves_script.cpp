#include "analysis/export/curves_script.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/export/gnuplot.hpp"

namespace tubal::analysis {

using gnuplot::literal;
using gnuplot::number;
using gnuplot::style;

FigureScript curves_script(const Scene& scene, const Figure& f) {
  std::string data, plot;
  std::map<std::size_t, std::size_t> colours;  // of cells, in order
  double first = HUGE_VAL, last = -HUGE_VAL;
  std::string judged =
      f.curves.front().part;  // validation: the others are dashed and share its entry in the key
  for (std::size_t n = 0; n < f.curves.size(); ++n) {
    const FigureCurve& c = f.curves[n];
    const std::size_t colour = colours.try_emplace(c.cell, colours.size()).first->second;
    const std::string block = "$curve" + std::to_string(n);
    data += block + " << EOD\n";
    for (std::size_t i = 0; i < c.x.size(); ++i)
      data +=
          number(c.x[i]) + " " + number(c.mean[i]) + " " + number(c.low[i]) + " " + number(c.high[i]) + "\n";
    data += "EOD\n";
    first = std::min(first, c.x.front());
    last = std::max(last, c.x.back());
    plot += (n ? ", \\\n     " : "plot ") + block +
            " using 1:3:4 with filledcurves fillstyle transparent solid 0.15 noborder " +
            gnuplot::color(colour) + " notitle, \\\n     " + block + " using 1:2 with " +
            (c.part == judged
                 ? "linespoints " + style(colour) + " title " + literal(scene.study.cells[c.cell].label)
                 : "lines " + gnuplot::color(colour) + " lw 1 dashtype 2 notitle");
  }
  const ReferenceLines references = reference_lines(f, first, last, true);
  std::string settings = tics("x", f.x, first, last) + tics("y", f.y, 0, 0);
  if (f.x.prefixes)
    settings += "set offsets graph 0.02, graph 0.02, 0, 0\n";
  else
    settings += std::string(last <= 12 ? "set xtics 1\n" : "") + "set xrange [" + number(first - 0.2) + ":" +
                number(last + 0.2) + "]\n";
  return {f.id,
          gnuplot::script(f.id,
                          opening(f,
                                  "# Lines: mean over the complete seeds of a cell; bands: from the lowest "
                                  "seed to the highest. Dashed: training, with dropout.\n"),
                          references.data + data, settings, plot + references.plot, 6.5)};
}

}  // namespace tubal::analysis
