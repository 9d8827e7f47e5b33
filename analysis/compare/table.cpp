#include "analysis/compare/table.hpp"

#include <cmath>

#include "analysis/read/text.hpp"
#include "core/axis_names.hpp"

namespace tubal::analysis {

std::string show(const Study& s, const Comparison& c, const std::vector<CellResult>& results) {
  using namespace text;
  std::vector<std::string> head = axis_names(s.swept);
  if (head.empty()) head = {"cell"};
  const std::size_t left = head.size();
  const std::string level = format("%.0f", 100 * c.level) + "% interval";
  const Measure& m = c.measure;
  for (const char* h : {"seeds", "encoder", "total", "compr.", m.metric->title}) head.push_back(h);
  head.push_back(level);
  for (const Measure& b : c.beside) head.push_back(b.metric->title);
  for (const std::string& h : {std::string("difference"), level, std::string("p (Holm)"), std::string("time"),
                               std::string("memory"), std::string("front")})
    head.push_back(h);
  std::vector<std::vector<std::string>> rows = {head};
  const auto range = [](const statistics::Interval& i, auto show) {
    return std::isnan(i.low) ? std::string() : "[" + show(i.low) + ", " + show(i.high) + "]";
  };
  for (const CellResult& r : results) {
    const Cell& cell = s.cells[r.cell];
    std::vector<std::string> row = cell.values.empty() ? std::vector<std::string>{"all"} : cell.values;
    row.push_back(r.seeds == r.planned ? std::to_string(r.seeds)
                                       : std::to_string(r.seeds) + "/" + std::to_string(r.planned));
    row.push_back(grouped(r.encoder));
    row.push_back(grouped(r.total));
    row.push_back(std::isnan(r.compression) ? "" : format("%.2f", r.compression) + "x");
    row.push_back(r.seeds ? m.figure(r.mean) : "none");
    row.push_back(range(r.interval, [&](double x) { return m.figure(x); }));
    for (std::size_t k = 0; k < c.beside.size(); ++k) row.push_back(c.beside[k].figure(r.beside[k]));
    if (cell.baseline)
      row.insert(row.end(), {"baseline", "", ""});
    else
      row.insert(row.end(), {m.difference(r.difference),
                             range(r.difference_interval, [&](double d) { return m.difference(d); }),
                             p_value(r.p_holm)});
    row.push_back(std::isnan(r.seconds) ? "" : seconds(r.seconds));
    row.push_back(std::isnan(r.memory) ? "" : bytes(r.memory));
    row.push_back(r.front_parameters ? (r.front_seconds ? "size, time" : "size")
                  : r.front_seconds  ? "time"
                                     : "");
    rows.push_back(row);
  }
  std::string out = "study " + s.name + ": " + plural(s.cells.size(), "cell") + ", " +
                    plural(s.rows.size(), "trial") + "; " + m.sentence() + ", paired by seed\n\n" +
                    table(rows, left);
  if (!c.notes.empty()) out += "\n";
  for (const std::string& note : c.notes) out += "Note: " + note + "\n";
  return out;
}

}  // namespace tubal::analysis
