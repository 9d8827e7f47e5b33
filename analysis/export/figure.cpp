#include "analysis/export/figure.hpp"

#include <cmath>

#include "analysis/export/gnuplot.hpp"
#include "analysis/read/text.hpp"

namespace tubal::analysis {

using gnuplot::number;

std::string interval_line(const Measure& m, const CellResult& r) {
  const bool known = !std::isnan(r.interval.low);
  return number(m.shown(r.mean)) + " " + number(m.shown(known ? r.interval.low : r.mean)) + " " +
         number(m.shown(known ? r.interval.high : r.mean));
}

std::string interval_comment(const Comparison& c) {
  return "# Points: mean over the complete seeds; bars: " + text::format("%.0f", 100 * c.level) +
         " % percentile bootstrap interval over seeds (none for one seed).\n";
}

}  // namespace tubal::analysis
