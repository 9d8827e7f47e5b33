// plan.yaml and config.yaml: a plan and a trial written out, and read back to the same.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/error.hpp"
#include "experiments/assignment.hpp"
#include "experiments/grid.hpp"
#include "experiments/identity.hpp"
#include "experiments/number.hpp"
#include "experiments/yaml_text.hpp"

namespace tubal {

namespace {

// {a.b: 1, a.c: 2} as nested maps; a section that is also a key (model.transform) holds it as `name`.
std::string nested(const Values& values, const std::string& indent) {
  std::string out;
  std::vector<std::string> open;
  for (const auto& [key, value] : values) {
    std::vector<std::string> parts;
    for (std::size_t from = 0, dot; from != std::string::npos;
         from = dot == std::string::npos ? dot : dot + 1)
      dot = key.find('.', from),
      parts.push_back(key.substr(from, dot == std::string::npos ? dot : dot - from));
    if (is_section(key)) parts.push_back("name");
    std::size_t same = 0;
    while (same < open.size() && same + 1 < parts.size() && open[same] == parts[same]) ++same;
    open.resize(same);
    for (; same + 1 < parts.size(); ++same) {
      out += indent + std::string(2 * same, ' ') + parts[same] + ":\n";
      open.push_back(parts[same]);
    }
    out += indent + std::string(2 * same, ' ') + yaml_text(parts.back()) + ": " + yaml_value(value) + "\n";
  }
  return out;
}

std::string flow(const Values& values) {
  std::vector<std::string> items;
  for (const auto& [key, value] : values) items.push_back(yaml_text(key) + ": " + yaml_value(value));
  return "{" + join(items) + "}";
}

std::string plugin_list(const std::vector<PluginFile>& plugins) {
  std::vector<std::string> items;
  for (const PluginFile& p : plugins)
    items.push_back("{path: " + yaml_text(p.path) + ", sha256: " + yaml_text(p.sha256) + "}");
  return "plugins: [" + join(items) + "]\n";
}

std::string text_list(const std::vector<std::string>& texts) {
  std::vector<std::string> items;
  for (const std::string& t : texts) items.push_back(yaml_text(t));
  return "[" + join(items) + "]";
}

Values trial_values(const TrialConfig& config) {
  Values values = values_of(config);
  const auto after =
      std::find_if(values.begin(), values.end(), [](const auto& v) { return v.first > "data.folder"; });
  values.insert(after, {"data.folder", config.data.folder});
  return values;
}

Values study_values(const StudyPlan& plan) {
  Settings s;
  s.runtime = plan.runtime, s.policy = plan.policy, s.asha = plan.asha;
  Values values;
  for (const Key& k : schema())
    if (!k.identity && !k.name.starts_with("seeds.") && !k.name.starts_with("data.") && k.name != "study")
      values.emplace_back(k.name, k.get(s));
  return values;
}

[[noreturn]] void fail(const YamlNode& at, const std::string& key, const std::string& message) {
  throw UsageError(at.at.file, at.at.line, key,
                   message + "; this file is written by tubal: make it anew from the grid");
}

const YamlNode& need(const YamlNode& map, const std::string& key, YamlNode::Kind kind) {
  const YamlNode* node = map.find(key);
  if (!node) fail(map, key, "this key is missing");
  if (node->kind != kind) fail(*node, key, "found " + describe(*node));
  return *node;
}

std::vector<PluginFile> read_plugins(const YamlNode& root) {
  std::vector<PluginFile> plugins;
  for (const YamlNode& item : need(root, "plugins", YamlNode::Kind::list).items)
    plugins.push_back(
        {need(item, "path", YamlNode::Kind::scalar).text, need(item, "sha256", YamlNode::Kind::scalar).text});
  return plugins;
}

std::uint64_t read_seed(const YamlNode& node) {
  const auto seed = node.kind == YamlNode::Kind::scalar ? parse_integer(node.text) : std::nullopt;
  if (!seed || *seed < 0) fail(node, "seed", "found " + describe(node) + ", needs an integer, 0 or more");
  return static_cast<std::uint64_t>(*seed);
}

std::vector<std::string> read_texts(const YamlNode& list) {
  std::vector<std::string> texts;
  for (const YamlNode& item : list.items) texts.push_back(item.text);
  return texts;
}

Value read_one(const std::string& key, const YamlNode& node) {
  const Layer layer = read_value(key, node);
  if (layer.size() != 1) fail(node, key, "found " + describe(node));
  return layer[0].value;
}

}  // namespace

std::string write_trial(const TrialConfig& config) {
  Values values = trial_values(config);
  values.pop_back();
  return nested(values, "") + "seed: " + std::to_string(config.seed) + "\n" + plugin_list(config.plugins);
}

TrialConfig read_trial(const std::string& file) {
  const YamlNode root = read_yaml(file);
  Settings s;
  const Layer layer = read_layer(root, "", {"seed", "plugins"});
  check_layer(layer);
  assign(layer, s);
  s.trial.seed = read_seed(need(root, "seed", YamlNode::Kind::scalar));
  s.trial.plugins = read_plugins(root);
  follow_up(s.trial);
  return s.trial;
}

std::string write_plan(const StudyPlan& plan) {
  std::string out =
      "# Written by `tubal`: the resolved plan of a study. Change the grid file, not this one.\nplan: 1\n";
  out += "study: " + yaml_text(plan.study) + "\nsource: " + yaml_text(plan.source) + "\n" +
         nested(study_values(plan), "");
  out += "axes: " + text_list(plan.axes) + "\nseeds: [";
  for (std::size_t i = 0; i < plan.seeds.size(); ++i) out += (i ? ", " : "") + std::to_string(plan.seeds[i]);
  out += "]\nbaseline: " + flow(plan.baseline) + "\n" + plugin_list(plan.plugins);
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
  out += "common:\n" + nested(common, "  ") + "trials:\n";
  for (std::size_t n = 0; n < all.size(); ++n) {
    const Trial& t = plan.trials[n];
    Values own;
    for (std::size_t i = 0; i < all[n].size(); ++i)
      if (options || varies[i]) own.push_back(all[n][i]);
    out += "  - {id: \"" + t.id + "\", label: " + nlohmann::json(t.label).dump() +
           ", baseline: " + (t.baseline ? "true" : "false") + ", values: " + flow(own) + ", cells: [";
    for (std::size_t c = 0; c < t.cells.size(); ++c) {
      std::vector<std::string> items;
      for (const auto& [key, value] : t.cells[c]) items.push_back(yaml_value(value));
      out += (c ? ", [" : "[") + join(items) + "]";
    }
    out += "]}\n";
  }
  return out;
}

StudyPlan read_plan(const std::string& file) {
  using Kind = YamlNode::Kind;
  const YamlNode root = read_yaml(file);
  if (need(root, "plan", Kind::scalar).text != "1")
    fail(root, "plan", "this plan is of another version of tubal");
  StudyPlan plan;
  plan.study = need(root, "study", Kind::scalar).text;
  plan.source = need(root, "source", Kind::scalar).text;
  Settings study;
  for (const char* section : {"runtime", "policy", "sweep"})
    assign(read_value(section, need(root, section, Kind::map)), study);
  plan.runtime = study.runtime, plan.policy = study.policy, plan.asha = study.asha;
  plan.axes = read_texts(need(root, "axes", Kind::list));
  for (const YamlNode& seed : need(root, "seeds", Kind::list).items) plan.seeds.push_back(read_seed(seed));
  for (const auto& [key, node] : need(root, "baseline", Kind::map).children)
    plan.baseline.emplace_back(key, read_one(key, node));
  plan.plugins = read_plugins(root);
  if (const YamlNode* list = root.find("warnings")) plan.warnings = read_texts(*list);
  if (const YamlNode* list = root.find("dropped"))
    for (const YamlNode& item : list->items)
      plan.dropped.push_back(
          {read_seed(need(item, "count", Kind::scalar)), need(item, "reason", Kind::scalar).text});

  Settings base;
  if (const YamlNode* common = root.find("common"); common && common->kind == Kind::map)
    assign(read_layer(*common), base);
  base.trial.plugins = plan.plugins;
  if (const YamlNode* trials = root.find("trials"); trials && trials->kind == Kind::list)
    for (const YamlNode& node : trials->items) {
      Trial t;
      Settings s = base;
      const YamlNode& values = need(node, "values", Kind::map);
      assign(read_layer(values, "", {"seed"}), s);
      s.trial.seed = read_seed(need(values, "seed", Kind::scalar));
      follow_up(s.trial);
      t.config = std::move(s.trial);
      t.id = need(node, "id", Kind::scalar).text;
      t.label = need(node, "label", Kind::scalar).text;
      t.baseline = need(node, "baseline", Kind::scalar).text == "true";
      for (const YamlNode& cell : need(node, "cells", Kind::list).items) {
        if (cell.kind != Kind::list || cell.items.size() != plan.axes.size())
          fail(cell, "cells", "needs one value an axis");
        Values point;
        for (std::size_t i = 0; i < plan.axes.size(); ++i)
          point.emplace_back(plan.axes[i], read_one(plan.axes[i], cell.items[i]));
        t.cells.push_back(std::move(point));
      }
      t.sha256 = sha256_of(t.config);
      if (t.sha256.substr(0, 12) != t.id)
        throw UsageError(file, node.at.line, "trials",
                         "trial " + t.id + " now comes out as " + t.sha256.substr(0, 12) +
                             ": the line was edited, a file that it names has changed, or this tubal reads "
                             "configurations differently. Plan the grid anew");
      plan.trials.push_back(std::move(t));
    }
  return plan;
}

}  // namespace tubal
