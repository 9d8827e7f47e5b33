#include "analysis/report/cells.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "analysis/statistics/tests.hpp"
#include "core/axis_names.hpp"
#include "core/error.hpp"

namespace tubal::analysis {

static const std::string idle = "–";

static bool is_bag_of_words(const Study& s, const Cell& cell) {
  const auto kind = s.columns.find("model.kind");
  return kind != s.columns.end() && kind->second.texts[cell.rows.at(0)] == "bag_of_words";
}

// "p=4 dct width=256": as people call it. The transform needs no name before it, and no scaling no word.
static std::string name_of(const Study& s, const Cell& cell) {
  if (is_bag_of_words(s, cell)) return "bag of words";
  std::vector<std::pair<int, std::string>> parts;
  const std::vector<std::string> names = axis_names(s.swept);
  for (std::size_t k = 0; k < s.swept.size(); ++k) {
    const std::string &key = s.swept[k], &value = cell.values[k];
    if (value == idle || key == "model.kind") continue;
    if (key.starts_with("model.frequency_scaling") && value == "none") continue;
    const int rank = key == "model.p"                                            ? 0
                     : key == "model.transform" || key == "model.transform.name" ? 1
                     : key == "model.width"                                      ? 2
                                                                                 : 3;
    parts.push_back({rank, rank == 1 ? value : names[k] + "=" + value});
  }
  std::stable_sort(parts.begin(), parts.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> words;
  for (const auto& [rank, word] : parts) words.push_back(word);
  return words.empty() ? "the only cell" : join(words, " ");
}

Json gather_factors(const Study& s) {
  Json factors = Json::array();
  const std::vector<std::string> names = axis_names(s.swept);
  for (std::size_t k = 0; k < s.swept.size(); ++k) {
    std::vector<std::string> values;
    for (const Cell& cell : s.cells)
      if (cell.values[k] != idle && std::find(values.begin(), values.end(), cell.values[k]) == values.end())
        values.push_back(cell.values[k]);
    const bool numeric = s.column(s.swept[k]).type != 's';
    if (numeric)
      std::sort(values.begin(), values.end(),
                [](const std::string& a, const std::string& b) { return std::stod(a) < std::stod(b); });
    factors.push_back({{"key", s.swept[k]}, {"name", names[k]}, {"values", values}, {"numeric", numeric}});
  }
  return factors;
}

// Means over the cell's complete trials.
static double mean_of(const Study& s, const Cell& cell, const std::string& column) {
  std::vector<double> x;
  for (const std::size_t r : cell.rows)
    if (const double v = s.figure(column, r); !std::isnan(v)) x.push_back(v);
  return statistics::mean(x);
}

Json facts_of(const Measure& m) {
  const Metric& of_differences = metric_of(m.metric->stored);
  return {{"name", m.metric->name},
          {"title", m.title()},
          {"stored", m.metric->stored},
          {"word", m.metric->title},
          {"head", m.head()},
          {"axis", m.axis()},
          {"unit", m.metric->unit},
          {"scale", m.metric->scale},
          {"decimals", m.metric->decimals},
          {"exponential", m.exponential()},
          {"lower", m.lower()},
          {"difference",
           {{"unit", m.metric->difference_unit},
            {"scale", of_differences.scale},
            {"decimals", of_differences.decimals}}}};
}

Json gather_cells(const Study& s, const Comparison& c, double margin) {
  const std::string column = c.measure.column();
  Json cells = Json::array();
  const auto p = s.columns.find("model.p"), scaling = s.columns.find("model.frequency_scaling.kind");
  for (const CellResult& r : c.results) {
    const Cell& cell = s.cells[r.cell];
    const std::size_t row = cell.rows.at(0);
    // Canonical trials with p = 1 have no fixed scaling: they stand for each of them.
    const bool unscaled = p != s.columns.end() && p->second.texts[row] == "1" && scaling != s.columns.end() &&
                          scaling->second.texts[row] == "none";
    std::vector<bool> any;
    for (std::size_t k = 0; k < s.swept.size(); ++k)
      any.push_back(cell.values[k] == idle ||
                    (unscaled && s.swept[k].starts_with("model.frequency_scaling")));
    Json seeds = Json::array();
    for (const std::size_t i : cell.rows)
      if (const double v = s.figure(column, i); !std::isnan(v)) seeds.push_back({s.rows[i].seed, v});
    Json x = {{"label", cell.label},
              {"name", name_of(s, cell)},
              {"values", cell.values},
              {"any", any},
              {"baseline", cell.baseline},
              {"bag_of_words", is_bag_of_words(s, cell)},
              {"planned", r.planned},
              {"seeds", r.seeds},
              {"by_seed", seeds},
              {"mean", r.mean},
              {"deviation", r.deviation},
              {"interval", {r.interval.low, r.interval.high}},
              {"beside", r.beside},
              {"encoder", r.encoder},
              {"total", r.total},
              {"compression", r.compression},
              {"seconds", r.seconds},
              {"memory", r.memory},
              {"flops", mean_of(s, cell, "flops")},
              {"tokens_per_second", mean_of(s, cell, "tokens_per_second")},
              {"compared_with", r.reference < 0 ? Json(nullptr) : Json(r.reference)},
              {"pairs", r.pairs},
              {"difference", r.difference},
              {"difference_interval", {r.difference_interval.low, r.difference_interval.high}},
              {"p", r.p},
              {"p_holm", r.p_holm},
              {"bound", nullptr},
              {"parity", nullptr},
              {"front_parameters", r.front_parameters},
              {"front_seconds", r.front_seconds}};
    if (r.reference >= 0) {
      const std::vector<double> d =
          paired_differences(s, cell, s.cells[static_cast<std::size_t>(r.reference)], column);
      const statistics::NonInferiority n = non_inferiority(c.measure, d, margin, c.level);
      x["bound"] = n.bound;
      if (!std::isnan(n.bound)) x["parity"] = n.shown;
    }
    cells.push_back(std::move(x));
  }
  return cells;
}

Json gather_failures(const Study& s) {
  Json list = Json::array();
  for (std::size_t i = 0; i < s.cells.size(); ++i)
    for (const std::size_t r : s.cells[i].rows) {
      const Row& row = s.rows[r];
      if (s.measured(r)) continue;
      list.push_back(
          {{"cell", i}, {"seed", row.seed}, {"id", row.id}, {"status", s.state_of(r)}, {"cause", row.cause}});
    }
  return list;
}

}  // namespace tubal::analysis
