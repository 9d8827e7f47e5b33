#include "analysis/report/ngrams.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/read/trial.hpp"
#include "core/error.hpp"

namespace tubal::analysis {

namespace {

// Figures of the judged part; NaN where /baselines has none.
Json rows_of(const NgramBaselines& b, const Measure& measure) {
  const auto of_part = [&](const std::string& part, const std::string& metric, std::size_t i) {
    const auto found = b.figures.find(part + "_" + metric);
    return found == b.figures.end() || std::isnan(found->second[i]) ? Json() : Json(found->second[i]);
  };
  const auto of = [&](const std::string& metric, std::size_t i) {
    return of_part(measure.part(), metric, i);
  };
  Json rows = Json::array();
  for (std::size_t i = 0; i < b.names.size(); ++i)
    rows.push_back({{"name", b.names[i]},
                    {"loss", of("loss", i)},
                    {"bits_per_byte", of("bits_per_byte", i)},
                    {"figure", of(measure.metric->stored, i)},
                    {"validation", of_part("validation", measure.metric->stored, i)}});
  return rows;
}

}  // namespace

Json gather_ngrams(const Study& s, const Measure& measure, Json& notes) {
  std::vector<std::pair<NgramBaselines, std::vector<std::size_t>>> sets;
  for (std::size_t i = 0; i < s.cells.size(); ++i)
    for (const std::size_t r : s.cells[i].rows) {
      if (!s.language(r) || !s.rows[r].complete()) continue;
      NgramBaselines b;
      try {
        b = read_baselines(s.folder.trial(s.rows[r].id));
      } catch (const Error& e) {  // named in the report, which goes on
        notes.push_back(std::string(e.what()));
      }
      if (b.names.empty()) continue;
      auto known = std::find_if(sets.begin(), sets.end(), [&](const auto& set) { return set.first == b; });
      if (known == sets.end()) known = sets.insert(known, {b, {}});
      if (known->second.empty() || known->second.back() != i) known->second.push_back(i);
      break;  // a cell's trials read the same data
    }
  Json list = Json::array();
  for (const auto& [baselines, cells] : sets)
    list.push_back({{"cells", cells}, {"rows", rows_of(baselines, measure)}});
  return list;
}

}  // namespace tubal::analysis
