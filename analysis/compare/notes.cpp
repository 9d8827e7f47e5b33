#include "analysis/compare/notes.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/read/text.hpp"
#include "core/error.hpp"
#include "core/typed.hpp"

namespace tubal::analysis {

// "model.p: 1": values of the first cell.
static std::string example_of_baseline(const Study& s) {
  std::string out;
  for (std::size_t k = 0; k < s.swept.size() && !s.cells.empty(); ++k)
    if (const std::string& value = s.cells[0].values[k]; value != no_effect)
      out += (out.empty() ? "" : ", ") + s.swept[k] + ": " + value;
  return out.empty() ? "model.p: 1" : out;
}

// What share of their time by the clock trials on one thread had a processor; 1 where none says.
static double processor_share(const Study& s) {
  for (const char* column : {"processor_seconds", "threads", "seconds"})
    if (!s.columns.contains(column)) return 1;
  double had = 0, took = 0;
  for (std::size_t r = 0; r < s.rows.size(); ++r) {
    const double mine = s.figure("processor_seconds", r);
    if (std::isnan(mine) || s.figure("threads", r) != 1) continue;
    had += mine;
    took += s.figure("seconds", r);
  }
  return took > 0 ? had / took : 1;
}

void add_notes(const Study& s, Comparison& c) {
  const std::vector<std::string> troubles = s.troubles();
  if (!troubles.empty()) {
    const std::size_t n = s.without_figure();
    std::string note = text::plural(n, "trial") + " of " + std::to_string(s.rows.size()) +
                       (n == 1 ? " enters" : " enter") + " no figure" +
                       (s.unfinished().empty() ? ":" : ". " + s.unfinished());
    for (std::size_t i = 0; i < std::min<std::size_t>(20, troubles.size()); ++i) note += "\n  " + troubles[i];
    if (troubles.size() > 20) note += "\n  and " + std::to_string(troubles.size() - 20) + " more";
    c.notes.push_back(note);
  }
  for (const std::string& note : s.outside()) c.notes.push_back(note);
  for (const std::string& note : c.measure.notes) c.notes.push_back(note);
  if (const double share = processor_share(s); share < 0.8)
    c.notes.push_back(
        "the trials waited for processors: of their time by the clock they had " +
        text::format("%.0f", 100 * share) +
        " %, beside other work or more trials than cores. Times of cells compare that too; what a trial "
        "used is `processor_seconds` of `tubal compare " +
        typed(s.folder) + " --json` and `tubal export " + typed(s.folder) + " --csv`.");
  if (s.mixed)
    c.notes.push_back(
        "cells hold trials of one configuration on several data (--mix-data): a seed's figure is the mean "
        "over them, so intervals speak of neither data alone.");
  std::vector<std::string> empty, few;
  std::size_t pairs = 0, compared = 0;
  for (const CellResult& r : c.results) {
    const std::string& label = s.cells[r.cell].label;
    if (r.seeds == 0)
      empty.push_back(label);
    else if (r.seeds < 5)
      few.push_back(label + " (" + std::to_string(r.seeds) + ")");
    if (std::isnan(r.p)) continue;
    ++compared;
    pairs = std::max(pairs, r.pairs);
  }
  if (!empty.empty()) c.notes.push_back("no complete trial in: " + join(empty, "; ") + ".");
  if (!few.empty())
    c.notes.push_back("fewer than 5 seeds, so the interval is too narrow or missing: " + join(few, "; ") +
                      ".");
  const bool any = std::any_of(s.cells.begin(), s.cells.end(), [](const Cell& x) { return x.baseline; });
  if (!any && s.baseline.empty())
    c.notes.push_back(
        "the grid names no baseline, so there are no differences: give it the values of one cell, such as "
        "`baseline: {" +
        example_of_baseline(s) + "}`, and run it again (what is finished is not run twice).");
  if (!any && !s.baseline.empty())
    c.notes.push_back("no cell matches the grid's baseline " + s.baseline +
                      ", so there are no differences: give it the values of one cell, such as `baseline: {" +
                      example_of_baseline(s) +
                      "}`, and run the grid again (what is finished is not run twice).");
  if (compared == 0) return;
  const double least = std::min(1., std::ldexp(2., -static_cast<int>(pairs)) * static_cast<double>(compared));
  if (least > 0.05)
    c.notes.push_back("with " + text::plural(pairs, "pair") + " and " + text::plural(compared, "comparison") +
                      " the corrected p cannot fall below " + text::p_value(least) +
                      ": read the intervals, or run more seeds. A large p does not show parity.");
}

}  // namespace tubal::analysis
