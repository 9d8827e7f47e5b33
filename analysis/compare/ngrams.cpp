#include "analysis/compare/ngrams.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/read/trial.hpp"
#include "analysis/statistics/nan.hpp"
#include "core/error.hpp"

namespace tubal::analysis {

static std::vector<Ngram> rows_of(const NgramBaselines& b, const Measure& measure) {
  const auto of = [&](const std::string& part, const std::string& metric, std::size_t i) {
    const auto found = b.figures.find(part + "_" + metric);
    return found == b.figures.end() ? nan : found->second[i];
  };
  std::vector<Ngram> rows;
  for (std::size_t i = 0; i < b.names.size(); ++i)
    rows.push_back({b.names[i], of(measure.part(), "loss", i), of(measure.part(), "bits_per_byte", i),
                    of(measure.part(), measure.metric->stored, i),
                    of("validation", measure.metric->stored, i)});
  return rows;
}

std::vector<NgramSet> ngram_sets(const Study& s, const Measure& measure, std::vector<std::string>& damaged) {
  std::vector<std::pair<NgramBaselines, std::vector<std::size_t>>> sets;
  for (std::size_t i = 0; i < s.cells.size(); ++i)
    for (const std::size_t r : s.cells[i].rows) {
      if (!s.language(r) || !s.rows[r].complete()) continue;
      NgramBaselines b;
      try {
        b = read_baselines(s.folder.trial(s.rows[r].id));
      } catch (const Error& e) {  // named, and the others go on
        damaged.push_back(e.what());
      }
      if (b.names.empty()) continue;
      auto known = std::find_if(sets.begin(), sets.end(), [&](const auto& set) { return set.first == b; });
      if (known == sets.end()) known = sets.insert(known, {b, {}});
      if (known->second.empty() || known->second.back() != i) known->second.push_back(i);
      break;  // a cell's trials read the same data
    }
  std::vector<NgramSet> list;
  for (const auto& [baselines, cells] : sets) list.push_back({cells, rows_of(baselines, measure)});
  return list;
}

const Ngram* best_ngram(const std::vector<NgramSet>& sets, const Measure& measure) {
  if (sets.size() != 1) return nullptr;
  const Ngram* best = nullptr;
  for (const Ngram& row : sets[0].rows)
    if (!std::isnan(row.figure) && (!best || measure.better(row.figure - best->figure))) best = &row;
  return best;
}

}  // namespace tubal::analysis
