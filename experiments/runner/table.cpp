#include "experiments/runner/table.hpp"

#include <map>

#include "core/files.hpp"
#include "core/format.hpp"
#include "core/text_table.hpp"
#include "core/typed.hpp"
#include "experiments/runner/best.hpp"
#include "experiments/runner/display.hpp"
#include "experiments/runner/view.hpp"

namespace tubal::runner {

namespace {

std::string seconds(double s) { return s < 9.95 ? format("%.2f", s) : format("%.1f", s); }

}  // namespace

std::string others_text(const layout::StudyFolder& study, const StudyIndex& index) {
  Tally tally;
  for (const PlannedTrial& t : other_trials(study, index)) tally.add(view_trial(study.trial(t.id)).state);
  if (!tally.total) return "";
  return "\nOutside this grid the study holds " + show_trials(static_cast<std::size_t>(tally.total)) + " (" +
         tally.text() + "): `tubal status " + typed(study) + " --all` lists them, `tubal history " +
         typed(study) + "` says of which grids they are.\n";
}

std::string result_table(const layout::StudyFolder& study, const StudyIndex& index,
                         const std::vector<std::string>& only) {
  std::map<bool, std::vector<std::vector<std::string>>> tables;  // accuracies and losses apart
  std::size_t failed = 0;
  const std::set<std::string> chosen = ids_chosen(index.trials, only);
  for (const PlannedTrial& t : index.trials) {
    if (!only.empty() && !chosen.count(t.id)) continue;
    const TrialView view = view_trial(study.trial(t.id));
    const TrialStatus& s = view.status;
    failed += view.state == TrialState::failed || view.state == TrialState::diverged;
    const bool known = s.parameters_total > 0;
    tables[t.language].push_back(
        {t.id, t.name() + (t.baseline ? " *" : ""), state_text(view),
         known ? grouped(s.parameters_encoder) : "", known ? grouped(s.parameters_total) : "",
         show_share(validation_figure(s, t.language)), show_share(test_figure(s, t.language)),
         s.seconds > 0 ? seconds(s.seconds) : ""});
  }
  std::string out;
  if (tables.empty()) tables[false];
  for (auto& [language, rows] : tables) {
    const std::string metric = first_metric(language).title;
    rows.insert(rows.begin(), {"trial", "", "state", "encoder", "total",
                               language ? "validation loss" : "validation", "test " + metric, "seconds"});
    out += (out.empty() ? "" : "\n") + text_table(rows, {0, 1, 2});
  }
  if (failed)
    out += "\n" + show_trials(failed) + " failed: `tubal status " + typed(study) +
           "` says why, `tubal retry " + typed(study) + " --failed` runs them again.\n";
  return out;
}

}  // namespace tubal::runner
