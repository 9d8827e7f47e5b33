#include "experiments/runner/watch.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "core/text_table.hpp"
#include "core/typed.hpp"
#include "experiments/runner/best.hpp"
#include "experiments/runner/post_mortem.hpp"
#include "experiments/runner/view.hpp"

namespace tubal::runner {

namespace {

constexpr std::size_t most_logs = 3;  // shown below the table of `tubal status`

struct Row {
  const PlannedTrial* trial;
  TrialView view;
};

struct Standing {
  std::vector<Row> rows;
  Tally tally;
  Best best;
  std::string summary;
};

Standing standing(const layout::StudyFolder& study, const StudyIndex& index) {
  Standing s;
  for (const PlannedTrial& t : index.trials) {
    Row row{&t, view_trial(study.trial(t.id))};
    s.tally.add(row.view.state);
    s.best.see(t, validation_figure(row.view.status, t.language));
    s.rows.push_back(std::move(row));
  }
  s.summary = index.study + ": " + std::to_string(s.tally.total) + " trials: " + s.tally.text();
  if (const std::string best = s.best.text(); !best.empty()) s.summary += "; " + best;
  return s;
}

std::string where(const TrialView& view) {
  if (view.state != TrialState::running || !view.lease) return "";
  const LeaseView& l = *view.lease;
  return l.owner.host + " pid " + std::to_string(l.owner.pid) +
         (l.age > 2 * lease_heartbeat ? ", silent for " + show_seconds(l.age) : "");
}

int urgency(const Row& r) {
  if (!r.view.trouble().empty()) return 0;
  switch (r.view.state) {
    case TrialState::failed:
    case TrialState::diverged:
      return 0;
    case TrialState::running:
      return 1;
    case TrialState::interrupted:
      return 2;
    case TrialState::planned:
      return 4;
    default:
      return 3;
  }
}

}  // namespace

std::string status_text(const layout::StudyFolder& study, const StudyIndex& index, std::size_t most) {
  Standing s = standing(study, index);
  std::string out = s.summary + "\n\n";
  const bool cut = s.rows.size() > most;
  if (cut) {
    std::stable_sort(s.rows.begin(), s.rows.end(),
                     [](const Row& a, const Row& b) { return urgency(a) < urgency(b); });
    s.rows.resize(most);
  }
  std::map<bool, std::vector<std::vector<std::string>>> tables;  // accuracies and losses apart
  for (const Row& r : s.rows) {
    const TrialStatus& t = r.view.status;
    const bool language = r.trial->language;
    const std::string remark = !r.view.trouble().empty()             ? r.view.trouble()
                               : r.view.state == TrialState::running ? where(r.view)
                                                                     : t.cause;
    tables[language].push_back(
        {r.trial->id,
         r.trial->name() + (r.trial->baseline ? " *" : "") + (r.trial->earlier ? " (not in the grid)" : ""),
         state_text(r.view), t.epochs > 0 ? std::to_string(t.epoch) + "/" + std::to_string(t.epochs) : "",
         show_share(validation_figure(t, language)), show_share(test_figure(t, language)),
         t.seconds > 0 ? show_seconds(t.seconds) : "", remark});
  }
  if (tables.empty()) tables[false];
  for (auto& [language, rows] : tables) {
    const std::string of = language ? " " + std::string(first_metric(true).title) : "";
    rows.insert(rows.begin(), {"trial", "", "state", "epoch", "validation" + of, "test" + of, "time", ""});
    out += (language && tables.size() > 1 ? "\n" : "") + text_table(rows, {0, 1, 2, 7});
  }
  if (cut)
    out += "... and " + std::to_string(s.tally.total - static_cast<int>(most)) +
           " more (--all shows every one)\n";
  std::size_t told = 0;
  for (const Row& r : s.rows) {
    if (r.view.state != TrialState::failed) continue;
    if (++told > most_logs) {
      out += "\n... and " + std::to_string(s.tally.failed - static_cast<int>(most_logs)) +
             " more failed; their logs are " + study.of_each(layout::TrialFolder{}.log()).string() + "\n";
      break;
    }
    const fs::path log = study.trial(r.trial->id).log();
    out += "\n" + r.trial->id + " failed; the end of " + log.string() + "\n";
    for (const std::string& line : log_tail(log, 5)) out += "    | " + line + "\n";
  }
  if (s.tally.failed + s.tally.diverged > 0)
    out += "\n`tubal retry " + typed(study) + " --failed` runs failed ones again.\n";
  if (s.tally.interrupted > 0) out += "\n`tubal run " + typed(study) + "` goes on with interrupted ones.\n";
  return out;
}

std::string status_json(const layout::StudyFolder& study, const StudyIndex& index) {
  const Standing s = standing(study, index);
  const auto number = [](double x) {
    return std::isfinite(x) ? nlohmann::ordered_json(x) : nlohmann::ordered_json();
  };
  nlohmann::ordered_json trials = nlohmann::ordered_json::array();
  for (const Row& r : s.rows) {
    const TrialStatus& t = r.view.status;
    nlohmann::ordered_json row{{"id", r.trial->id},
                               {"name", r.trial->name()},
                               {"seed", r.trial->seed},
                               {"baseline", r.trial->baseline},
                               {"in_grid", !r.trial->earlier},
                               {"state", state_text(r.view)},
                               {"cause", r.view.trouble().empty() ? t.cause : r.view.trouble()},
                               {"cause_kind", name(t.cause_kind)},
                               {"attempt", t.attempt},
                               {"epoch", t.epoch},
                               {"epochs", t.epochs}};
    const Metric& metric = first_metric(r.trial->language);
    row["validation_" + std::string(metric.name)] = number(validation_figure(t, r.trial->language));
    row["test_" + std::string(metric.name)] = number(test_figure(t, r.trial->language));
    if (r.trial->language) {  // a perplexity is exp(loss)
      row["metric"] = metric.name;
      row["direction"] = metric.better == Better::lower ? "lower" : "higher";
      row["unit"] = metric.unit;
    }
    row["seconds"] = number(t.seconds);
    if (r.view.state == TrialState::running && r.view.lease) {
      row["host"] = r.view.lease->owner.host;
      row["pid"] = r.view.lease->owner.pid;
      row["heartbeat_age"] = r.view.lease->age;
    }
    if (r.view.state == TrialState::failed) row["log"] = log_tail(study.trial(r.trial->id).log(), 5);
    trials.push_back(row);
  }
  return nlohmann::ordered_json{{"study", index.study},
                                {"folder", study.root.string()},
                                {"grid", index.grid},
                                {"others", other_trials(study, index).size()},
                                {"total", s.tally.total},
                                {"complete", s.tally.complete},
                                {"stopped", s.tally.stopped},
                                {"failed", s.tally.failed},
                                {"diverged", s.tally.diverged},
                                {"running", s.tally.running},
                                {"interrupted", s.tally.interrupted},
                                {"planned", s.tally.planned},
                                {"trials", trials}}
      .dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

Snapshot look(const layout::StudyFolder& study, const StudyIndex& index, const Display& display) {
  const Standing s = standing(study, index);
  Snapshot snapshot{{}, s.summary, s.tally.left() == 0};
  const int width = display.width();
  for (const Row& r : s.rows) {
    if (r.view.state != TrialState::running) continue;
    const TrialStatus& t = r.view.status;
    const double share = t.steps > 0 ? static_cast<double>(t.step) / static_cast<double>(t.steps) : 0;
    const std::string facts = "epoch " + std::to_string(std::min(t.epoch + 1, std::max(1, t.epochs))) + "/" +
                              std::to_string(t.epochs) + "  loss " + show_share(t.loss) + "  " +
                              show_count(t.tokens_per_second) + " tok/s  " + show_seconds(t.seconds_left) +
                              " left  " + where(r.view);
    const int bar = std::clamp(width / 6, 6, 24), room = std::max(12, width - bar - 7 - columns(facts));
    snapshot.lines.push_back(fit("  " + fit(r.trial->name(), std::min(room, 40)) + "  " +
                                     show_bar(share, bar, display.unicode()) + "  " + facts,
                                 width - 1));
  }
  snapshot.lines.push_back(fit("  " + s.summary, width - 1));
  return snapshot;
}

}  // namespace tubal::runner
