#include "analysis/report/data.hpp"

#include <algorithm>
#include <map>

#include "analysis/figures/table.hpp"
#include "analysis/report/cells.hpp"
#include "analysis/report/configuration.hpp"
#include "analysis/report/figures.hpp"
#include "analysis/report/provenance.hpp"
#include "analysis/report/trial_files.hpp"
#include "analysis/report/trials.hpp"
#include "analysis/report/words.hpp"
#include "core/build_info.hpp"

namespace tubal::analysis {

namespace {

Json counts(const Study& s) {
  std::map<std::string, std::size_t> states;
  std::size_t seeds = 0;
  for (const Row& row : s.rows) ++states[row.status];
  for (const Cell& cell : s.cells) seeds = std::max(seeds, cell.rows.size());
  return {{"cells", s.cells.size()}, {"trials", s.rows.size()}, {"seeds", seeds}, {"states", states}};
}

Json gather_trials(const Study& s, const std::string& column) {
  std::vector<std::size_t> cell(s.rows.size());
  for (std::size_t i = 0; i < s.cells.size(); ++i)
    for (const std::size_t r : s.cells[i].rows) cell[r] = i;
  Json rows = Json::array();
  for (std::size_t r = 0; r < s.rows.size(); ++r) {
    const Row& row = s.rows[r];
    rows.push_back({row.id, cell[r], row.seed, row.status, brief(s.figure(column, r)),
                    brief(s.figure("seconds", r)), brief(s.figure("peak_memory", r)),
                    brief(s.column("best_epoch").numbers[r]), s.column("host").texts[r]});
  }
  return rows;
}

}  // namespace

Json gather_report(const Study& s, const ReportOptions& options) {
  const Measure measure = measure_of(s, options.metric);
  const double margin = options.margin.value_or(measure.metric->margin);
  const Comparison c = compare(s, measure, options.level, margin);
  const BuildInfo& build = build_info();
  std::vector<std::string> damaged;
  const Scene scene = set_scene(s, c, c.results, damaged);
  Json out = {{"study", s.name},
              {"created", s.created},
              {"program", build.version + " (" + build.revision + ")"},
              {"metric", c.measure.name()},
              {"measure", facts_of(c.measure)},
              {"beside", Json::array()},
              {"language", c.measure.language},
              {"level", options.level},
              {"margin", margin},
              {"margin_text", c.measure.amount(margin)},
              {"counts", counts(s)},
              {"factors", factors_json(scene.factors)},
              {"ranked", scene.factors.ranked},
              {"colour", or_null(scene.factors.colour)},
              {"figures", figures_json(gather_figures(scene))},
              {"cells", gather_cells(s, c, scene.factors)}};
  for (const Measure& m : c.beside) out["beside"].push_back(facts_of(m));
  out["ngrams"] = ngrams_json(scene.ngrams);
  const auto data = s.columns.find("data.name");
  out["data"] = data == s.columns.end() || s.rows.empty() ? "" : data->second.texts[0];
  out["summary"] = summary_in_words(s, c, margin, out["cells"], out["ngrams"]);
  out["failures"] = gather_failures(s);
  out["unfinished"] = s.unfinished();
  out["notes"] = c.notes;
  if (!out["failures"].empty()) out["notes"].erase(0);  // it lists them too
  for (const std::string& note : damaged) out["notes"].push_back(note);
  gather_trial_files(s, scene.curves, out);
  out["quantities"] = spectrum_quantities();
  const bool of_right_answers = c.measure.metric == &first_metric(false);
  out["majority"] = of_right_answers ? majority_share(out["confusion"]) : Json();
  out["ablation"] = gather_ablation(s, out["notes"]);
  out["provenance"] = gather_provenance(s, out["notes"]);
  out["configuration"] = gather_configuration(s);
  out["reproduce"] = commands_to_reproduce(s, out["provenance"]);
  out["trials"] = gather_trials(s, c.measure.column());
  // A damaged file is met by each reader of it: say it once.
  Json& notes = out["notes"];
  Json once = Json::array();
  for (const Json& n : notes)
    if (std::find(once.begin(), once.end(), n) == once.end()) once.push_back(n);
  notes = once;
  return out;
}

}  // namespace tubal::analysis
