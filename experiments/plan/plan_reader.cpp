// plan.yaml read back, line by line: one that is damaged costs its own trial alone.
#include "experiments/plan/plan_reader.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/layout.hpp"
#include "core/sha256.hpp"
#include "experiments/config/assignment.hpp"
#include "experiments/config/identity.hpp"
#include "experiments/config/value.hpp"
#include "experiments/config/yaml_text.hpp"
#include "experiments/plan/study_plan.hpp"

namespace tubal {

namespace {

using Kind = YamlNode::Kind;

struct Line {
  Trial trial;
  bool fits = true;  // its cells have a value for each axis
};

Value read_one(const std::string& key, const YamlNode& node) {
  const Layer layer = read_value(key, node);
  if (layer.size() != 1) throw UsageError(node.at.file, node.at.line, key, "found " + describe(node));
  return layer[0].value;
}

StudyPlan read_head(const YamlNode& root) {
  StudyPlan plan;
  plan.study = need(root, "study", Kind::scalar).text;
  plan.source = need(root, "source", Kind::scalar).text;
  if (root.find("grid")) plan.grid = static_cast<int>(read_seed(need(root, "grid", Kind::scalar)));
  Settings study;
  for (const char* section : {"runtime", "policy", "sweep"})
    assign(read_value(section, need(root, section, Kind::map)), study);
  plan.runtime = study.runtime;
  plan.policy = study.policy;
  plan.asha = study.asha;
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
  return plan;
}

Line read_line(const YamlNode& node, const StudyPlan& plan, const Settings& base,
               const std::vector<Content>& contents) {
  Line line;
  Trial& t = line.trial;
  Settings s = base;
  const YamlNode& values = need(node, "values", Kind::map);
  assign(read_layer(values, "", {"seed"}), s);
  s.trial.seed = read_seed(need(values, "seed", Kind::scalar));
  follow_up(s.trial);
  t.config = std::move(s.trial);
  t.id = need(node, "id", Kind::scalar).text;
  t.label = need(node, "label", Kind::scalar).text;
  t.baseline = need(node, "baseline", Kind::scalar).text == "true";
  if (node.find("content")) t.config.content = contents.at(read_seed(need(node, "content", Kind::scalar)));
  for (const YamlNode& cell : need(node, "cells", Kind::list).items) {
    if (cell.kind != Kind::list || cell.items.size() != plan.axes.size()) {
      line.fits = false;
      continue;
    }
    Values point;
    for (std::size_t i = 0; i < plan.axes.size(); ++i)
      point.emplace_back(plan.axes[i], read_one(plan.axes[i], cell.items[i]));
    t.cells.push_back(std::move(point));
  }
  t.sha256 = sha256_of(t.config);
  return line;
}

std::string anew(const StudyPlan& plan) {
  std::error_code none;
  const bool there = std::filesystem::is_regular_file(plan.source, none);
  return " `tubal run " + (there ? plan.source : "GRID.yaml") + "` writes the plan anew" +
         (there ? "" : ", with the grid file in the place of GRID.yaml") + "; finished trials stay";
}

// A plan that is cut at the end of a line reads like one of fewer trials, or of none; earlier
// ones do not say how many.
void require_all(const YamlNode& root, const std::string& file, const StudyPlan& plan) {
  const YamlNode* trials = root.find("trials");
  const std::size_t found = trials && trials->kind == Kind::list ? trials->items.size() : 0;
  const std::size_t wanted = root.find("count") ? read_seed(need(root, "count", Kind::scalar)) : 0;
  if (!trials || (root.find("count") ? found != wanted : !found))
    throw UsageError(file, 0, "trials",
                     "the plan is cut: it holds " + std::to_string(found) +
                         (found == 1 ? " trial" : " trials") +
                         (root.find("count") ? " of " + std::to_string(wanted) : "") + "." + anew(plan));
}

// Which trials of a plan of version 1 an earlier grid had begun. `.index.json` says it; without
// one, those whose point of the grid another trial has taken already, or that have no place in
// it. They stand at the end.
std::vector<bool> earlier_lines(const std::string& file, const StudyPlan& plan,
                                const std::vector<Line>& lines) {
  std::vector<bool> earlier(lines.size(), false);
  try {
    const auto json = nlohmann::json::parse(
        read_file(layout::StudyFolder{std::filesystem::path(file).parent_path()}.index()));
    std::map<std::string, bool> told;
    for (const auto& t : json.at("trials")) told[t.at(0)] = t.at(4);
    bool all = told.size() == lines.size();
    for (const Line& line : lines) all = all && told.count(line.trial.id);
    if (all) {
      for (std::size_t i = 0; i < lines.size(); ++i) earlier[i] = told[lines[i].trial.id];
      return earlier;
    }
  } catch (const std::exception&) {  // missing or torn: the lines themselves say most of it
  }
  std::set<std::string> taken;
  bool behind = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Trial& t = lines[i].trial;
    const bool seeded = std::find(plan.seeds.begin(), plan.seeds.end(), t.config.seed) != plan.seeds.end();
    bool free = lines[i].fits && seeded;
    for (const Values& cell : t.cells)
      free = free && taken.insert(yaml_flow(cell) + std::to_string(t.config.seed)).second;
    behind = behind || !free;
    earlier[i] = behind;
  }
  return earlier;
}

}  // namespace

PlanReading read_plan_lines(const std::string& file) {
  const YamlNode root = read_yaml(file);
  PlanReading out;
  const std::string version = need(root, "plan", Kind::scalar).text;
  if (version != "1" && version != "2")
    throw UsageError(file, 1, "plan",
                     "this plan is of a later version of tubal (" + version +
                         "; this one reads 1 and 2): use that version, or plan the grid anew with "
                         "`tubal run GRID.yaml`");
  out.version = version == "1" ? 1 : 2;
  StudyPlan& plan = out.plan = read_head(root);
  std::vector<Content> contents;
  if (const YamlNode* list = root.find("contents"))
    for (const YamlNode& item : list->items) contents.push_back(read_content(item));
  Settings base;
  if (const YamlNode* common = root.find("common"); common && common->kind == Kind::map)
    assign(read_layer(*common), base);
  base.trial.plugins = plan.plugins;
  require_all(root, file, plan);
  std::vector<Line> lines;
  if (const YamlNode* trials = root.find("trials"); trials && trials->kind == Kind::list)
    for (const YamlNode& node : trials->items) try {
        lines.push_back(read_line(node, plan, base, contents));
        const Trial& t = lines.back().trial;
        if (out.version == 1) continue;  // its trials may lean on files that have changed
        if (!names(t.id, t.sha256, t.config.content))
          throw UsageError(file, node.at.line, "trials",
                           "trial " + t.id + " now comes out as " + short_digest(t.sha256) +
                               ": the line was edited, or this tubal reads configurations differently." +
                               anew(plan));
        if (!lines.back().fits)
          throw UsageError(file, node.at.line, "cells", "needs one value an axis." + anew(plan));
      } catch (const std::exception& e) {
        out.left_out.push_back(e.what());
        if (!lines.empty() && node.find("id") && node.find("id")->text == lines.back().trial.id)
          lines.pop_back();
      }
  const std::vector<bool> earlier =
      out.version == 1 ? earlier_lines(file, plan, lines) : std::vector<bool>(lines.size(), false);
  for (std::size_t i = 0; i < lines.size(); ++i)
    (earlier[i] ? out.earlier : plan.trials).push_back(std::move(lines[i].trial));
  return out;
}

StudyPlan read_plan(const std::string& file) {
  PlanReading reading = read_plan_lines(file);
  if (!reading.left_out.empty()) throw UsageError(reading.left_out[0]);
  return std::move(reading.plan);
}

}  // namespace tubal
