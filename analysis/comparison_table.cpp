// Choosing, ordering and showing the rows of a comparison.
#include <algorithm>
#include <cmath>

#include "analysis/comparison.hpp"
#include "analysis/text.hpp"
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

void sort_results(const Study& s, std::vector<CellResult>& results, const std::string& by) {
  const std::pair<const char*, double CellResult::*> numbers[] = {
      {"accuracy", &CellResult::accuracy}, {"difference", &CellResult::difference},
      {"encoder", &CellResult::encoder},   {"total", &CellResult::total},
      {"seconds", &CellResult::seconds},   {"memory", &CellResult::memory},
      {"p_holm", &CellResult::p_holm}};
  const auto order = [&](auto value, bool falling) {  // NaN last
    std::stable_sort(results.begin(), results.end(), [&](const CellResult& a, const CellResult& b) {
      const double x = value(a), y = value(b);
      return std::isnan(x) || std::isnan(y) ? !std::isnan(x) && std::isnan(y) : falling ? x > y : x < y;
    });
  };
  for (const auto& [name, member] : numbers)
    if (by == name)
      return order([m = member](const CellResult& r) { return r.*m; },
                   by == "accuracy" || by == "difference");
  const Column& column = s.column(s.key(by));
  const auto first = [&](const CellResult& r) { return s.cells[r.cell].rows[0]; };
  if (column.type != 's') return order([&](const CellResult& r) { return column.numbers[first(r)]; }, false);
  std::stable_sort(results.begin(), results.end(), [&](const CellResult& a, const CellResult& b) {
    return column.texts[first(a)] < column.texts[first(b)];
  });
}

std::string show(const Study& s, const Comparison& c, const std::vector<CellResult>& results) {
  using namespace text;
  std::vector<std::string> head = short_names(s.swept);
  if (head.empty()) head = {"cell"};
  const std::size_t left = head.size();
  const std::string level = format("%.0f", 100 * c.level) + "% interval";
  for (const std::string& h :
       {std::string("seeds"), std::string("encoder"), std::string("total"), std::string("compr."),
        std::string("accuracy"), level, std::string("difference"), level, std::string("p (Holm)"),
        std::string("time"), std::string("memory"), std::string("front")})
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
    row.push_back(r.seeds ? percent(r.accuracy) : "none"), row.push_back(range(r.interval, percent));
    if (cell.baseline)
      row.insert(row.end(), {"baseline", "", ""});
    else
      row.insert(row.end(), {signed_percent(r.difference), range(r.difference_interval, signed_percent),
                             p_value(r.p_holm)});
    row.push_back(std::isnan(r.seconds) ? "" : seconds(r.seconds));
    row.push_back(std::isnan(r.memory) ? "" : bytes(r.memory));
    row.push_back(r.front_parameters ? (r.front_seconds ? "size, time" : "size")
                  : r.front_seconds  ? "time"
                                     : "");
    rows.push_back(row);
  }
  std::string out = "study " + s.name + ": " + plural(s.cells.size(), "cell") + ", " +
                    plural(s.rows.size(), "trial") + "; " +
                    (c.metric == "test_accuracy" ? "test" : "validation") +
                    " accuracy in %, differences in points, paired by seed\n\n" + table(rows, left);
  if (!c.notes.empty()) out += "\n";
  for (const std::string& note : c.notes) out += "Note: " + note + "\n";
  return out;
}

}  // namespace tubal::analysis
