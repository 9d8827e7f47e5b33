#include "analysis/report/cells.hpp"

#include <cmath>

#include "analysis/statistics/tests.hpp"

namespace tubal::analysis {

Json factors_json(const Factors& factors) {
  Json list = Json::array();
  for (const Factor& f : factors.all)
    list.push_back({{"key", f.key}, {"name", f.name}, {"values", f.values}, {"numeric", f.numeric}});
  return list;
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

Json gather_cells(const Study& s, const Comparison& c, const Factors& factors) {
  const std::string column = c.measure.column();
  Json cells = Json::array();
  for (const CellResult& r : c.results) {
    const Cell& cell = s.cells[r.cell];
    std::vector<bool> any;
    for (std::size_t k = 0; k < s.swept.size(); ++k) any.push_back(stands_for_all(s, cell, k));
    Json seeds = Json::array();
    for (const std::size_t i : cell.rows)
      if (const double v = s.figure(column, i); !std::isnan(v)) seeds.push_back({s.rows[i].seed, v});
    Json x = {{"label", cell.label},
              {"name", short_name(s, cell)},
              {"series", series_of(s, cell, factors, factors.colour)},
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
              {"flops", r.flops},
              {"tokens_per_second", r.speed},
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
    if (const auto& n = r.non_inferiority) {
      x["bound"] = n->bound;
      if (!std::isnan(n->p)) x["parity"] = r.p_non_inferiority < 1 - c.level;
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
