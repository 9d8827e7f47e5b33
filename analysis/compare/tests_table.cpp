#include "analysis/compare/tests_table.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/read/text.hpp"
#include "core/axis_names.hpp"
#include "core/error.hpp"

namespace tubal::analysis {

std::string show_tests(const Study& s, const Comparison& c, const std::vector<CellResult>& results) {
  using namespace text;
  const auto any = [&](auto has) { return std::any_of(results.begin(), results.end(), has); };
  const bool margin = any([](const CellResult& r) { return r.non_inferiority.has_value(); });
  std::vector<std::string> head = axis_names(s.swept);
  if (head.empty()) head = {"cell"};
  const std::size_t left = head.size();
  const std::string level = format("%.0f", 100 * c.level) + "% interval";
  for (const std::string& h : {std::string("pairs"), std::string("deviation"), std::string("difference"),
                               std::string("t ") + level, std::string("sign-flip p"), std::string("Holm"),
                               std::string("Wilcoxon p"), std::string("P(better)"), level})
    head.push_back(h);
  const Measure& m = c.measure;
  const std::string side = m.lower() ? "upper" : "lower";
  if (!m.language) head.insert(head.end(), {"McNemar +/−", "mid-p"});
  if (margin) head.insert(head.end(), {side + " bound", "p", "Holm", "non-inferior"});
  std::vector<std::vector<std::string>> rows = {head};
  const auto range = [](const statistics::Interval& i, auto show) {
    return std::isnan(i.low) ? std::string() : "[" + show(i.low) + ", " + show(i.high) + "]";
  };
  const auto share = [](double x) { return format("%.2f", x); };
  for (const CellResult& r : results) {
    if (r.reference < 0) continue;
    std::vector<std::string> row = s.cells[r.cell].values;
    for (const std::string& value :
         {std::to_string(r.pairs), m.deviation(r.deviation), m.difference(r.difference),
          range(r.difference_student, [&](double d) { return m.difference(d); }), p_value(r.p),
          p_value(r.p_holm), p_value(r.wilcoxon), share(r.improvement), range(r.improvement_interval, share)})
      row.push_back(value);
    if (!m.language) {
      const auto& t = r.mcnemar;
      row.push_back(t ? grouped(double(t->only_first)) + "/" + grouped(double(t->only_second)) : "");
      row.push_back(t ? p_value(t->mid) : "");
    }
    if (margin) {
      const auto& n = r.non_inferiority;
      row.push_back(n ? m.difference(n->bound) : "");
      row.push_back(n ? p_value(n->p) : "");
      row.push_back(p_value(r.p_non_inferiority));
      row.push_back(!n || std::isnan(n->p) ? "" : r.p_non_inferiority < 1 - c.level ? "shown" : "not shown");
    }
    rows.push_back(row);
  }
  if (rows.size() == 1) return "No cell is compared with a baseline.\n";
  std::string out = "Against the baseline, in " + std::string(m.metric->difference_unit) + " of " +
                    metric_of(m.metric->stored).title + ", paired by seed:\n\n" + table(rows, left) +
                    "\nP(better): the share of pairs of seeds in which this cell is " +
                    (m.lower() ? "below" : "above") + " the baseline.";
  if (any([](const CellResult& r) { return r.mcnemar.has_value(); }))
    out +=
        " McNemar: test texts that this cell alone (+) or the baseline alone (−) got right, pooled over the "
        "seeds;\nits p, not corrected, is about these trained models, not about training again.";
  out += "\n";
  if (margin) {
    const auto first = std::find_if(results.begin(), results.end(),
                                    [](const CellResult& r) { return r.non_inferiority.has_value(); });
    out += "Non-inferior: the difference is " + std::string(m.lower() ? "below " : "above ") +
           m.difference(m.worth(-first->non_inferiority->margin)) + " " + m.metric->difference_unit +
           ", by a one-sided t test at level " + format("%.2g", 1 - c.level) + ", corrected by Holm; " +
           side + " bound: of one cell alone. What is not shown may still be true.\n";
  }
  // The same note holds for many cells: it is said once.
  std::vector<std::pair<std::string, std::vector<std::string>>> notes;
  for (const CellResult& r : results)
    for (const std::string& note : r.reference >= 0 && r.seeds > 0 ? r.notes : std::vector<std::string>{}) {
      auto found = std::find_if(notes.begin(), notes.end(), [&](auto& known) { return known.first == note; });
      if (found == notes.end()) found = notes.insert(found, {note, {}});
      found->second.push_back(s.cells[r.cell].label);
    }
  for (const auto& [note, cells] : notes) out += "Note on " + join(cells, "; ") + ":\n  " + note + "\n";
  return out;
}

}  // namespace tubal::analysis
