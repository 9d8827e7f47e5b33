// Choosing, ordering and showing the rows of a comparison.
#include <algorithm>
#include <cmath>

#include "analysis/comparison.hpp"
#include "analysis/text.hpp"
#include "core/axis_names.hpp"
#include "core/error.hpp"

namespace tubal::analysis {

std::vector<CellResult> filtered(const Study& s, const Comparison& c,
                                 const std::vector<std::pair<std::string, std::string>>& filters) {
  std::vector<CellResult> kept = c.results;
  for (const auto& [name, wanted] : filters) {
    const Column& column = s.column(s.key(name));
    const std::string list = "," + wanted + ",";
    const auto fits = [&](const std::string& value) { return list.find("," + value + ",") != list.npos; };
    if (std::none_of(column.texts.begin(), column.texts.end(), fits)) {
      std::vector<std::string> values = column.texts;
      std::sort(values.begin(), values.end());
      values.erase(std::unique(values.begin(), values.end()), values.end());
      throw UsageError("--filter " + name + "=" + wanted + ": no trial has this. Values of " + s.key(name) +
                       ": " + join(values) + ".");
    }
    std::erase_if(kept, [&](const CellResult& r) {
      const auto& rows = s.cells[r.cell].rows;
      return std::none_of(rows.begin(), rows.end(), [&](std::size_t i) { return fits(column.texts[i]); });
    });
  }
  return kept;
}

void sort_results(const Study& s, const Comparison& c, std::vector<CellResult>& results,
                  const std::string& by) {
  const std::pair<const char*, double CellResult::*> numbers[] = {
      {"difference", &CellResult::difference}, {"encoder", &CellResult::encoder},
      {"total", &CellResult::total},           {"seconds", &CellResult::seconds},
      {"memory", &CellResult::memory},         {"p_holm", &CellResult::p_holm}};
  const auto order = [&](auto value) {  // rising, NaN last
    std::stable_sort(results.begin(), results.end(), [&](const CellResult& a, const CellResult& b) {
      const double x = value(a), y = value(b);
      return std::isnan(x) || std::isnan(y) ? !std::isnan(x) && std::isnan(y) : x < y;
    });
  };
  for (const Metric& m : metrics()) {
    const std::string name = m.name;
    if (by != name && by != "test_" + name && by != "validation_" + name) continue;
    // A loss and its perplexity have one order.
    if (std::string(m.stored) != c.measure.metric->stored ||
        (by != name && by != c.measure.part() + "_" + name))
      throw UsageError(
          "--sort " + by + ": the table is of " + c.measure.title() + ". Sort by " + c.measure.metric->name +
          (is_of(m, c.measure.language) ? ", or choose the table's metric: --metric " + by : "") + ".");
    return order([&](const CellResult& r) { return -c.measure.worth(r.mean); });
  }
  for (const auto& [name, member] : numbers)
    if (by == name)
      return order([&, m = member](const CellResult& r) {
        return m == &CellResult::difference ? -c.measure.worth(r.*m) : r.*m;
      });
  const Column& column = s.column(s.key(by));
  const auto first = [&](const CellResult& r) { return s.cells[r.cell].rows[0]; };
  if (column.type != 's') return order([&](const CellResult& r) { return column.numbers[first(r)]; });
  std::stable_sort(results.begin(), results.end(), [&](const CellResult& a, const CellResult& b) {
    return column.texts[first(a)] < column.texts[first(b)];
  });
}

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
    row.push_back(grouped(r.encoder)), row.push_back(grouped(r.total));
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
