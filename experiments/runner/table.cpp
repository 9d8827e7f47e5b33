// The table at the end of a run and the token of `tubal stop`.
#include <cmath>
#include <map>

#include "core/files.hpp"
#include "core/typed.hpp"
#include "experiments/runner/best.hpp"
#include "experiments/runner/runner.hpp"
#include "experiments/runner/view.hpp"

namespace tubal::runner {

namespace {

fs::path stop_file(const layout::StudyFolder& study) { return study.root / "stop"; }

std::string grouped(long long n) {
  std::string digits = std::to_string(n);
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

std::string seconds(double s) {
  char text[32];
  std::snprintf(text, sizeof text, s < 9.95 ? "%.2f" : "%.1f", s);
  return text;
}

}  // namespace

StopToken read_stop(const layout::StudyFolder& study) {
  try {
    std::string text = read_file_if_there(stop_file(study)).value_or("none");
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return {text, text.find(" now") != std::string::npos};
  } catch (const std::exception&) {
    return {"none", false};
  }
}

void write_stop(const layout::StudyFolder& study, bool now) {
  const auto ticks = std::chrono::system_clock::now().time_since_epoch().count();
  write_file(stop_file(study),
             std::to_string(ticks) + "-" + std::to_string(::getpid()) + (now ? " now" : "") + "\n");
}

std::string others_text(const layout::StudyFolder& study, const StudyIndex& index) {
  Tally tally;
  for (const PlannedTrial& t : other_trials(study, index)) tally.add(view_trial(study.trial(t.id)).state);
  if (!tally.total) return "";
  return "\nOutside this grid the study holds " + show_trials(static_cast<std::size_t>(tally.total)) + " (" +
         tally.text() + "): `tubal status " + index.study + " --all` lists them, `tubal history " +
         index.study + "` says of which grids they are.\n";
}

std::string result_table(const layout::StudyFolder& study, const StudyIndex& index,
                         const std::vector<std::string>& only) {
  std::map<bool, std::vector<std::vector<std::string>>> tables;  // accuracies and losses apart
  std::size_t failed = 0;
  for (const PlannedTrial& t : index.trials) {
    bool wanted = only.empty();
    for (const std::string& o : only) wanted = wanted || t.id.rfind(o, 0) == 0;
    if (!wanted) continue;
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
  for (const auto& [language, rows] : tables) {
    const std::string metric = first_metric(language).title;
    out += (out.empty() ? "" : "\n") +
           show_table({"trial", "", "state", "encoder", "total", language ? "validation loss" : "validation",
                       "test " + metric, "seconds"},
                      rows, {3, 4, 5, 6, 7});
  }
  if (failed)
    out += "\n" + show_trials(failed) + " failed: `tubal status " + typed(study) +
           "` says why, `tubal retry " + typed(study) + " --failed` runs them again.\n";
  return out;
}

}  // namespace tubal::runner
