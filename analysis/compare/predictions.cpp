#include "analysis/compare/predictions.hpp"

#include <map>

#include "analysis/read/trial.hpp"

namespace tubal::analysis {

void add_mcnemar(const Study& s, Comparison& c) {
  if (c.measure.language) return;                      // it predicts no classes
  std::map<std::size_t, TestPredictions> of_baseline;  // read once, for all cells that are compared with it
  for (CellResult& r : c.results) {
    if (r.reference < 0) continue;
    std::map<long, std::size_t> theirs;
    for (const std::size_t row : s.cells[static_cast<std::size_t>(r.reference)].rows)
      if (s.rows[row].complete()) theirs[s.rows[row].seed] = row;
    std::vector<int> labels, first, second;
    for (const std::size_t row : s.cells[r.cell].rows) {
      const auto other = theirs.find(s.rows[row].seed);
      if (!s.rows[row].complete() || other == theirs.end()) continue;
      const auto [found, fresh] = of_baseline.try_emplace(other->second);
      if (fresh) found->second = read_predictions(s.folder.trial(s.rows[other->second].id));
      const TestPredictions mine = read_predictions(s.folder.trial(s.rows[row].id)), &base = found->second;
      const std::string seed = "seed " + std::to_string(s.rows[row].seed);
      if (mine.labels.empty() || base.labels.empty()) {
        r.notes.push_back(seed + ": no test predictions in trial.h5, so not part of McNemar's test");
      } else if (mine.labels != base.labels) {
        r.notes.push_back(seed + ": tested on other texts than the baseline, so not part of McNemar's test");
      } else {
        labels.insert(labels.end(), mine.labels.begin(), mine.labels.end());
        first.insert(first.end(), mine.predictions.begin(), mine.predictions.end());
        second.insert(second.end(), base.predictions.begin(), base.predictions.end());
        ++r.mcnemar_pairs;
      }
    }
    if (r.mcnemar_pairs) r.mcnemar = statistics::mcnemar(labels, first, second);
  }
}

}  // namespace tubal::analysis
