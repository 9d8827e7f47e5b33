#include "analysis/compare/choice.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <sstream>

#include "analysis/statistics/nan.hpp"
#include "core/error.hpp"

namespace tubal::analysis {

// NaN, which equals nothing, where the text is no number.
static double number_in(const std::string& text) {
  double x = nan;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, x);
  return read.ec == std::errc{} && read.ptr == end ? x : nan;
}

// Whether `value` is one of the words, which come with commas between: as it stands or, of numbers, as much.
static bool is_among(const std::string& value, const std::string& wanted) {
  if (("," + wanted + ",").find("," + value + ",") != std::string::npos) return true;
  const double x = number_in(value);
  std::istringstream words(wanted);
  for (std::string word; std::getline(words, word, ',');)
    if (number_in(word) == x) return true;
  return false;
}

static std::string distinct(std::vector<std::string> values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  std::erase(values, no_effect);
  return join(values);
}

void choose_baseline(Study& s, const std::vector<std::pair<std::string, std::string>>& values) {
  if (values.empty()) return;
  std::vector<bool> chosen(s.cells.size(), true);
  std::string all, yaml;  // as typed; as a grid would say it
  for (const auto& [name, wanted] : values) {
    const std::string key = s.key(name);
    const bool several = wanted.find(',') != wanted.npos && !wanted.starts_with('[');
    yaml += (yaml.empty() ? "{" : ", ") + key + ": " + (several ? "[" + wanted + "]" : wanted);
    const auto swept = std::find(s.swept.begin(), s.swept.end(), key);
    std::vector<std::string> of_cells;
    for (const Cell& cell : s.cells)
      of_cells.push_back(swept == s.swept.end()
                             ? s.column(key).texts[cell.rows[0]]
                             : cell.values[static_cast<std::size_t>(swept - s.swept.begin())]);
    const auto fits = [&, &wanted = wanted](const std::string& v) {
      return v != no_effect && is_among(v, wanted);
    };
    if (std::none_of(of_cells.begin(), of_cells.end(), fits))
      throw UsageError("--baseline " + name + "=" + wanted + ": no cell has this. Values of " + key + ": " +
                       distinct(of_cells) + ".");
    for (std::size_t i = 0; i < chosen.size(); ++i) chosen[i] = chosen[i] && fits(of_cells[i]);
    all += (all.empty() ? "" : " ") + name + "=" + wanted;
  }
  if (std::none_of(chosen.begin(), chosen.end(), [](bool b) { return b; })) {
    std::vector<std::string> labels;
    for (const Cell& cell : s.cells) labels.push_back(cell.label);
    throw UsageError("--baseline " + all + ": no cell has all of these. Cells: " + join(labels, "; ") + ".");
  }
  s.baseline = yaml + "}";
  Column& column = s.columns["baseline"];  // what a CSV shows
  column.numbers.assign(s.rows.size(), 0);
  column.texts.assign(s.rows.size(), "0");
  for (std::size_t i = 0; i < s.cells.size(); ++i) {
    s.cells[i].baseline = chosen[i];
    for (const std::size_t r : s.cells[i].rows) {
      s.rows[r].baseline = chosen[i];
      column.numbers[r] = chosen[i];
      column.texts[r] = chosen[i] ? "1" : "0";
    }
  }
}

std::vector<CellResult> filtered(const Study& s, const Comparison& c,
                                 const std::vector<std::pair<std::string, std::string>>& filters) {
  std::vector<CellResult> kept = c.results;
  for (const auto& [name, wanted] : filters) {
    const Column& column = s.column(s.key(name));
    const auto fits = [&, &wanted = wanted](const std::string& value) { return is_among(value, wanted); };
    if (std::none_of(column.texts.begin(), column.texts.end(), fits)) {
      throw UsageError("--filter " + name + "=" + wanted + ": no trial has this. Values of " + s.key(name) +
                       ": " + distinct(column.texts) + ".");
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

}  // namespace tubal::analysis
