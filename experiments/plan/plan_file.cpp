#include "experiments/plan/plan_file.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "experiments/config/study_keys.hpp"
#include "experiments/config/value.hpp"
#include "experiments/config/yaml_text.hpp"
#include "experiments/plan/study_plan.hpp"

namespace tubal {

std::string write_plan(const StudyPlan& plan) {
  std::string out =
      "# Written by `tubal`: the current grid of a study. Change the grid file, not this one.\nplan: 2\n";
  if (plan.grid > 0) out += "grid: " + std::to_string(plan.grid) + "\n";
  out += "count: " + std::to_string(plan.trials.size()) + "\n";  // so that a plan that is cut is known
  out += "study: " + yaml_text(plan.study) + "\nsource: " + yaml_text(plan.source) + "\n" +
         yaml_nested(study_values(study_settings(plan.runtime, plan.policy, plan.asha)), "");
  out += "axes: " + yaml_texts(plan.axes) + "\nseeds: [";
  for (std::size_t i = 0; i < plan.seeds.size(); ++i) out += (i ? ", " : "") + std::to_string(plan.seeds[i]);
  out += "]\nbaseline: " + yaml_flow(plan.baseline) + "\n" + plugin_list(plan.plugins);
  std::vector<std::string> contents;  // few of them, and each stands in many trials
  const auto content_number = [&](const Trial& t) {
    const std::string text = content_text(t.config.content);
    const auto found = std::find(contents.begin(), contents.end(), text);
    if (found == contents.end()) return contents.push_back(text), contents.size() - 1;
    return static_cast<std::size_t>(found - contents.begin());
  };
  for (const Trial& t : plan.trials) content_number(t);
  out += "contents:\n";
  for (const std::string& text : contents) out += "  - " + text + "\n";
  out += "warnings:\n";
  for (const std::string& w : plan.warnings) out += "  - " + nlohmann::json(w).dump() + "\n";
  out += "dropped:\n";
  for (const Dropped& d : plan.dropped)
    out += "  - {count: " + std::to_string(d.count) + ", reason: " + nlohmann::json(d.reason).dump() + "}\n";
  if (plan.trials.empty()) return out + "common:\ntrials:\n";

  // What is equal in all trials is said once.
  const Values first = trial_values(plan.trials[0].config);
  std::vector<bool> varies(first.size());
  std::vector<Values> all;
  bool options = false;  // then the lists differ in length, and every trial says all
  for (const Trial& t : plan.trials) {
    all.push_back(trial_values(t.config));
    options |= all.back().size() != first.size();
    for (std::size_t i = 0; i < std::min(first.size(), all.back().size()); ++i)
      varies[i] =
          varies[i] || first[i].first != all.back()[i].first || !(first[i].second == all.back()[i].second);
  }
  varies.back() = true;  // seed
  Values common;
  for (std::size_t i = 0; i < first.size(); ++i)
    if (!varies[i] && !options) common.push_back(first[i]);
  out += "common:\n" + yaml_nested(common, "  ") + "trials:\n";
  for (std::size_t n = 0; n < all.size(); ++n) {
    const Trial& t = plan.trials[n];
    Values own;
    for (std::size_t i = 0; i < all[n].size(); ++i)
      if (options || varies[i]) own.push_back(all[n][i]);
    out += "  - {id: \"" + t.id + "\", label: " + nlohmann::json(t.label).dump() +
           ", baseline: " + (t.baseline ? "true" : "false") +
           ", content: " + std::to_string(content_number(t)) + ", values: " + yaml_flow(own) + ", cells: [";
    for (std::size_t c = 0; c < t.cells.size(); ++c) {
      std::vector<std::string> items;
      for (const auto& [key, value] : t.cells[c]) items.push_back(yaml_value(value));
      out += (c ? ", [" : "[") + join(items) + "]";
    }
    out += "]}\n";
  }
  return out;
}

}  // namespace tubal
