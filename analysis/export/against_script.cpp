#include "analysis/export/against_script.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/export/gnuplot.hpp"
#include "core/text_table.hpp"

namespace tubal::analysis {

using gnuplot::literal;
using gnuplot::number;
using gnuplot::style;

namespace {

struct Series {
  std::string panel, name;
  double aside = 0;  // so many steps beside the true place, so that bars can be told apart
  std::vector<std::size_t> points;
};

// A series of each panel, in the order of its points; what stands for all series keeps its place.
std::vector<Series> series_of(const Figure& f) {
  std::vector<Series> all;
  for (std::size_t i = 0; i < f.points.size(); ++i) {
    const FigurePoint& p = f.points[i];
    auto found = std::find_if(all.begin(), all.end(),
                              [&](const Series& s) { return s.panel == p.panel && s.name == p.series; });
    if (found == all.end()) found = all.insert(found, {p.panel, p.series, 0, {}});
    found->points.push_back(i);
  }
  double n = 0;
  for (const Series& s : all) n += s.name != any_value;
  double k = 0;
  for (Series& s : all)
    if (s.name != any_value) s.aside = k++ - (n - 1) / 2;
  for (Series& s : all)
    std::stable_sort(s.points.begin(), s.points.end(),
                     [&](std::size_t a, std::size_t b) { return f.points[a].x < f.points[b].x; });
  return all;
}

std::string title_of(const Figure& f, const Series& s, std::size_t series) {
  if (series == 1) return "notitle";
  return "title " + literal(f.panels.size() > 1 ? s.name + ", " + s.panel : s.name);
}

// Where column `column` says how many steps a point stands aside.
std::string moved(const FigureAxis& x, const std::string& column, double series) {
  if (x.scale == FigureAxis::Scale::log) return "($1*1.03**" + column + ")";
  const double step = x.scale == FigureAxis::Scale::names ? std::min(0.16, 0.6 / series)
                                                          : 0.01 * (x.at.back() - x.at.front());
  return "($1+" + number(step) + "*" + column + ")";
}

}  // namespace

FigureScript against_script(const Scene&, const Figure& f) {
  const bool upright = f.x.scale != FigureAxis::Scale::names;
  const std::vector<Series> series = series_of(f);
  const auto n = static_cast<double>(series.size());
  std::vector<const Series*> of_point(f.points.size());
  std::string data, lines, points;
  for (std::size_t i = 0; i < series.size(); ++i) {
    const std::string block = "$series" + std::to_string(i);
    data += block + " << EOD\n";
    for (const std::size_t k : series[i].points) {
      data +=
          number(f.points[k].x) + " " + interval_fields(f.points[k]) + " " + number(series[i].aside) + "\n";
      of_point[k] = &series[i];
    }
    data += "EOD\n";
    points += std::string(points.empty() ? "" : ", \\\n     ") + block + " using " +
              (upright ? moved(f.x, "$5", n) + ":2:3:4 with yerrorbars "
                       : "2:" + moved(f.x, "$5", n) + ":3:4 with xerrorbars ") +
              style(i) + " " + title_of(f, series[i], series.size());
  }
  for (std::size_t i = 0; i < f.lines.size(); ++i) {
    const FigureLine& line = f.lines[i];
    const std::string block = "$line" + std::to_string(i);
    std::size_t colour = 0;
    data += block + " << EOD\n";
    for (const std::size_t k : line.points) {
      data += number(f.points[k].x) + " " + number(f.points[k].y) + " " + number(of_point[k]->aside) + "\n";
      if (f.points[k].series == line.series) colour = static_cast<std::size_t>(of_point[k] - series.data());
    }
    data += "EOD\n";
    lines += block + " using " + moved(f.x, "$3", n) + ":2 with lines " + gnuplot::line(colour) +
             " notitle, \\\n     ";
  }
  const double low = f.x.at.front(), high = f.x.at.back();
  double most = 0;
  int longest = 0;
  for (const FigurePoint& p : f.points) most = std::max(most, p.y);
  for (const std::string& value : f.x.values) longest = std::max(longest, columns(value));
  // A letter of 8 points is about 0.15 cm wide; long names need both columns of a paper.
  const double title = upright || f.x.title.empty() ? 0 : 0.5;
  const double label = 0.15 * static_cast<double>(longest) + 0.4 + title,
               width = !upright && label > 4 ? 17.8 : 8.6;
  const double edge = upright ? 0 : 0.5;
  const ReferenceLines references = reference_lines(f, low - edge, high + edge, upright);
  const std::string along = upright ? "x" : "y", across = upright ? "y" : "x";
  std::string settings = tics(along, f.x, low, high) + tics(across, f.y, 0, 1.05 * most);
  if (f.y.from_zero) settings += "set " + across + "range [0:" + number(1.05 * most) + "]\n";
  settings += f.x.scale == FigureAxis::Scale::log
                  ? "set xrange [" + number(low / 1.25) + ":" + number(high * 1.25) + "]\n"
              : upright ? "set offsets graph 0.05, graph 0.05, 0, 0\n"
                        : "set yrange [" + number(high + 0.5) + ":-0.5]\nset lmargin at screen " +
                              number(std::min(0.7, label / width)) + "\n";
  if (!upright && f.x.title.empty()) settings += "unset ylabel\n";
  const double height =
      upright ? 6.5
              : 2 + 0.5 * std::max(4., std::ceil(static_cast<double>(f.x.at.size()) * std::max(1., n / 3)));
  return {f.id, gnuplot::script(f.id,
                                opening(f,
                                        "# Series stand a little aside of each other, so that their bars can "
                                        "be told apart; the data hold their true places.\n"),
                                references.data + data, settings, "plot " + lines + points + references.plot,
                                height, width)};
}

}  // namespace tubal::analysis
