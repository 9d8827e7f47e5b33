#include "analysis/export/figure_script.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "analysis/export/gnuplot.hpp"
#include "analysis/read/text.hpp"

namespace tubal::analysis {

using gnuplot::literal;
using gnuplot::number;

std::string opening(const Figure& figure, const std::string& more) {
  const auto line = [](std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return "# " + text + "\n";
  };
  return line(figure.title) + (figure.note.empty() ? "" : line(figure.note)) + more;
}

std::string interval_fields(const FigurePoint& p) {
  const bool known = !std::isnan(p.low);
  return number(p.y) + " " + number(known ? p.low : p.y) + " " + number(known ? p.high : p.y);
}

// 20 k, 3 M, 5 G
static std::string with_prefix(double x) {
  static const std::pair<double, const char*> prefixes[] = {{1e18, " E"}, {1e15, " P"}, {1e12, " T"},
                                                            {1e9, " G"},  {1e6, " M"},  {1e3, " k"}};
  for (const auto& [size, name] : prefixes)
    if (std::abs(x) >= size) return text::format("%g", x / size) + name;
  return text::format("%g", x);
}

// At 1, 2, 5 times powers of ten: at most seven of them on a linear axis, all of them on a logarithmic one.
static std::vector<double> places(const FigureAxis& of, double low, double high) {
  std::vector<double> all;
  if (of.scale == FigureAxis::Scale::log) {
    for (int power = -6; power < 22; ++power)
      for (const int digit : {1, 2, 5})
        if (const double x = digit * std::pow(10., power);
            x >= low && x <= high && (digit == 1 || high <= 100 * low))
          all.push_back(x);
    return all;
  }
  const double rough = (high - low) / 6;
  const double power = std::pow(10., std::floor(std::log10(rough)));
  double step = 10 * power;
  for (const double digit : {5., 2., 1.})
    if (digit * power >= rough) step = digit * power;
  for (double i = std::ceil(low / step); i * step <= high; ++i) all.push_back(i * step);
  return all;
}

std::string tics(const std::string& axis, const FigureAxis& of, double low, double high) {
  std::string marks;
  const auto add = [&](const std::string& label, double at) {
    marks += (marks.empty() ? "" : ", ") + label + " " + number(at);
  };
  for (std::size_t i = 0; i < of.values.size(); ++i) add(gnuplot::tick(of.values[i]), of.at[i]);
  if (of.values.empty() && (of.prefixes || of.scale == FigureAxis::Scale::log) && high > low)
    for (const double x : places(of, low, high))
      add(literal(of.prefixes ? with_prefix(x) : text::format("%g", x)), x);
  return "set " + axis + "label " + literal(of.title) + "\n" +
         (marks.empty() ? "" : "set " + axis + "tics (" + marks + ")\n") +
         (of.scale == FigureAxis::Scale::log ? "set logscale " + axis + (of.values.empty() ? "\n" : " 2\n")
                                             : "");
}

std::string quoted_label(const Scene& scene, std::size_t cell) {
  std::string label = scene.study.cells[cell].label;
  std::replace(label.begin(), label.end(), '"', '\'');
  return "\"" + label + "\"";
}

ReferenceLines reference_lines(const Figure& figure, double low, double high, bool upright) {
  ReferenceLines lines;
  std::set<std::pair<std::string, double>> seen;  // the same in several panels
  for (const FigureReference& r : figure.references) {
    if (!seen.insert({r.name, r.y}).second) continue;
    const std::string block = "$reference" + std::to_string(lines.entries), at = number(r.y);
    const std::string from = number(low), to = number(high);
    lines.data +=
        block + " << EOD\n" +
        (upright ? from + " " + at + "\n" + to + " " + at : at + " " + from + "\n" + at + " " + to) +
        "\nEOD\n";
    lines.plot += ", \\\n     " + block + " using 1:2 with lines lw 1 dashtype " +
                  (r.kind == "baseline" ? "2 lc rgb '#000000'" : "3 lc rgb '#777777'") + " title " +
                  literal(r.kind == "baseline" ? "baseline " + r.name : r.name);
    ++lines.entries;
  }
  return lines;
}

}  // namespace tubal::analysis
