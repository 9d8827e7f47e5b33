#include "analysis/compare/json.hpp"

#include <nlohmann/json.hpp>

namespace tubal::analysis {

using Json = nlohmann::ordered_json;

// A perplexity's figure and its intervals are exp of a loss's; its differences are those of losses.
static double told(const Measure& m, double x) { return m.exponential() ? m.shown(x) : x; }
static std::string unit_of(const Measure& m) {
  return m.metric->scale == 1 && *m.metric->unit ? m.metric->unit : "1";  // accuracies are shares
}

static Json range(const statistics::Interval& i) { return {i.low, i.high}; }

static void add_tests(Json& row, const CellResult& r) {
  row["wilcoxon"] = r.wilcoxon;
  row["improvement"] = r.improvement;
  row["improvement_interval"] = range(r.improvement_interval);
  if (const auto& n = r.non_inferiority)
    row["non_inferiority"] = {
        {"margin", n->margin}, {"bound", n->bound}, {"p", n->p}, {"p_holm", r.p_non_inferiority}};
  if (const auto& m = r.mcnemar)
    row["mcnemar"] = {{"pairs", r.mcnemar_pairs},
                      {"both", m->both},
                      {"only_this", m->only_first},
                      {"only_baseline", m->only_second},
                      {"neither", m->neither},
                      {"exact", m->exact},
                      {"mid", m->mid}};
}

std::string to_json(const Study& s, const Comparison& c, const std::vector<CellResult>& results) {
  const Measure& m = c.measure;
  Json out = {{"study", s.name},
              {"metric", m.name()},
              {"direction", m.lower() ? "lower" : "higher"},
              {"unit", unit_of(m)},
              {"difference_unit", m.exponential() ? m.metric->difference_unit : unit_of(m)},
              {"level", c.level},
              {"swept", s.swept},
              {"notes", c.notes},
              {"others", s.others.size()}};
  out["cells"] = Json::array();
  for (const CellResult& r : results) {
    const Cell& cell = s.cells[r.cell];
    Json row = {
        {"label", cell.label}, {"baseline", cell.baseline}, {"planned", r.planned}, {"seeds", r.seeds}};
    for (std::size_t k = 0; k < s.swept.size(); ++k) row["values"][s.swept[k]] = cell.values[k];
    row[m.metric->name] = told(m, r.mean);
    for (std::size_t k = 0; k < c.beside.size(); ++k)
      row[c.beside[k].metric->name] = told(c.beside[k], r.beside[k]);
    const auto figures = [&](const statistics::Interval& i) {
      return range({told(m, i.low), told(m, i.high)});
    };
    row.update({{"deviation", r.deviation},
                {"interval", figures(r.interval)},
                {"student", figures(r.student)},
                {"encoder", r.encoder},
                {"total", r.total},
                {"compression", r.compression},
                {"seconds", r.seconds},
                {"processor_seconds", r.processor},
                {"memory", r.memory},
                {"pairs", r.pairs},
                {"difference", r.difference},
                {"difference_interval", range(r.difference_interval)},
                {"difference_student", range(r.difference_student)},
                {"p", r.p},
                {"p_holm", r.p_holm},
                {"front_parameters", r.front_parameters},
                {"front_seconds", r.front_seconds},
                {"notes", r.notes}});
    row["compared_with"] =
        r.reference < 0 ? Json(nullptr) : Json(s.cells[static_cast<std::size_t>(r.reference)].label);
    if (r.reference >= 0) add_tests(row, r);
    out["cells"].push_back(std::move(row));
  }
  return out.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace tubal::analysis
