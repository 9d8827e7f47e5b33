// load_grid: cells of the sweep times seeds, made canonical, duplicates dropped, every shape checked.
#include "experiments/plan/grid.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <unordered_map>

#include "core/error.hpp"
#include "core/sha256.hpp"
#include "experiments/config/identity.hpp"
#include "experiments/config/plugin_loading.hpp"
#include "experiments/config/remembered_digest.hpp"
#include "experiments/config/schema.hpp"
#include "experiments/config/unused.hpp"
#include "experiments/config/value.hpp"
#include "experiments/plan/grid_file.hpp"
#include "experiments/plan/labels.hpp"
#include "experiments/plan/pattern.hpp"
#include "experiments/plan/problems.hpp"
#include "experiments/plan/study_plan.hpp"
#include "experiments/plan/sweep.hpp"

namespace tubal {

namespace {

std::string absolute_path(const std::string& folder, const std::string& path) {
  return path.empty() ? "" : (std::filesystem::path(folder) / path).lexically_normal().string();
}

Values read_baseline(const YamlNode& node) {
  Values values;
  const Pattern pattern = read_pattern(node, "baseline");
  for (const auto& [key, wanted] : pattern.tests) {
    if (wanted.size() != 1)
      fail(node.at, "baseline", "needs one value for " + key->name + ", such as {model.p: 1}");
    values.emplace_back(key->name, wanted[0]);
  }
  return values;
}

// Swept keys that take more than one value: the others are no axes.
std::vector<std::string> real_axes(const std::vector<std::string>& axes, const std::vector<Settings>& cells) {
  std::vector<std::string> out;
  for (const std::string& axis : axes) {
    const Key& key = *find_key(axis);
    const Value first = key.get(cells.front());
    if (std::any_of(cells.begin(), cells.end(), [&](const Settings& s) { return !(key.get(s) == first); }))
      out.push_back(axis);
  }
  return out;
}

// Why `config` came out as a trial that was there already: the axes without effect in it.
std::string reason(const TrialConfig& config, const std::vector<std::string>& axes) {
  std::vector<std::string> parts;
  for (const Unused& u : unused(config))
    if (std::find(axes.begin(), axes.end(), u.key) != axes.end() && u.key.find(".heads") == std::string::npos)
      parts.push_back(u.key + " has no effect " + u.reason);
  return parts.empty() ? "the same point is listed more than once" : join(parts, "; ");
}

void warn_of_seeds(StudyPlan& plan) {
  const std::size_t n = plan.seeds.size();
  std::set<std::string> cells;
  for (const Trial& t : plan.trials) cells.insert(t.label);
  if (n >= 6 || cells.size() < 2) return;
  plan.warnings.push_back(std::to_string(n) + (n == 1 ? " seed" : " seeds") +
                          " a cell: below six no paired comparison can be significant. Even if all " +
                          "five of five differences have one sign, an exact two-sided sign-flip test gives p "
                          "= 2/2^5 = 0.0625; six seeds reach 0.031. " +
                          "Set seeds: {first: 0, count: 6} or more where you want to compare");
}

// A factor of 1 on every slice: such trials are those of kind none under another name.
void warn_of_idle_scaling(StudyPlan& plan) {
  std::map<std::string, std::size_t> trials;  // by what makes the factor 1
  for (const Trial& t : plan.trials) {
    const FrequencyScalingConfig& c = t.config.model.frequency_scaling;
    if (c.kind == ScalingKind::power && c.alpha == 0) ++trials["power with alpha 0"];
    if (c.kind == ScalingKind::decay && c.alpha == 0) ++trials["decay with alpha 0"];
    if (c.kind == ScalingKind::values &&
        std::all_of(c.values.begin(), c.values.end(), [](double a) { return a == 1; }))
      ++trials["values of 1 alone"];
  }
  for (const auto& [what, n] : trials)
    plan.warnings.push_back(
        "model.frequency_scaling: " + what + " scales nothing, so " + std::to_string(n) +
        (n == 1 ? " trial gives" : " trials give") + " what kind none gives. Set " +
        (what.starts_with("v") ? "other values" : "model.frequency_scaling.alpha, to 0.5, say"));
}

}  // namespace

// What the plan takes over from the file and the command line, before any cell.
static StudyPlan begin_plan(const std::string& file, const GridOptions& options, const GridFile& grid,
                            const Sweep& sweep) {
  StudyPlan plan;
  plan.study = grid.base.study;
  plan.source = std::filesystem::absolute(file).lexically_normal().string();
  plan.runtime = grid.base.runtime;
  plan.policy = grid.base.policy;
  plan.asha = grid.base.asha;
  plan.seeds = grid.seeds;
  plan.plugins = grid.plugins;
  plan.warnings = grid.warnings;
  plan.warnings.insert(plan.warnings.end(), sweep.warnings.begin(), sweep.warnings.end());
  if (grid.baseline) plan.baseline = read_baseline(*grid.baseline);
  plan.texts = grid.texts;
  for (const auto& [option, words] :
       {std::pair{"--set", &options.set}, {"--sweep", &options.sweep}, {"--plugin", &options.plugins}})
    for (const std::string& word : *words) plan.command.insert(plan.command.end(), {option, word});
  return plan;
}

// The cells as whole configurations, every shape checked.
static std::vector<Settings> check_cells(const std::string& file, const GridFile& grid, const Sweep& sweep) {
  std::vector<Settings> cells;
  Problems problems(file, grid.written);
  for (const Cell& cell : sweep.cells) {
    Settings s = at_cell(grid.base, cell);
    s.trial.plugins = grid.plugins;
    const std::string& folder = s.trial.data.folder;
    s.trial.model.transform.file = absolute_path(folder, s.trial.model.transform.file);
    for (TransformSpec& t : s.trial.model.transforms) t.file = absolute_path(folder, t.file);
    problems.check(s, cell);
    cells.push_back(agreed(std::move(s)));
  }
  problems.report();
  return cells;
}

// Cells times seeds, canonical, equal ones dropped. Returns how many of the cells are the baseline's.
static std::size_t add_trials(const std::vector<Settings>& cells, const Labels& labels, StudyPlan& plan) {
  std::unordered_map<std::string, std::size_t> known;  // SHA-256 -> trial
  std::map<std::string, std::size_t> dropped;          // reason -> trials
  std::size_t baselines = 0;
  for (const Settings& s : cells) {
    TrialConfig config = canonical(s.trial);
    if (const std::string& matrix = config.model.transform.file; !matrix.empty())
      config.content.matrix = remembered_digest(matrix);
    const std::string label = labels.of(s);
    Values point;
    for (const std::string& axis : plan.axes) point.emplace_back(axis, find_key(axis)->get(s));
    const bool baseline = !plan.baseline.empty() &&
                          std::all_of(plan.baseline.begin(), plan.baseline.end(), [&](const auto& test) {
                            return find_key(test.first)->get(s) == test.second;
                          });
    baselines += baseline;
    for (const std::uint64_t seed : plan.seeds) {
      Trial trial;
      trial.config = config;
      trial.config.seed = seed;
      trial.sha256 = sha256_of(trial.config);
      const auto [found, fresh] = known.emplace(trial.sha256, plan.trials.size());
      if (!fresh) {
        Trial& first = plan.trials[found->second];
        ++dropped[reason(s.trial, plan.axes)];
        first.baseline |= baseline;
        if (std::find(first.cells.begin(), first.cells.end(), point) == first.cells.end())
          first.cells.push_back(point);
        continue;
      }
      trial.id = short_digest(trial.sha256);
      trial.label = label;
      trial.baseline = baseline;
      trial.cells = {point};
      plan.trials.push_back(std::move(trial));
    }
  }
  for (const auto& [why, count] : dropped) plan.dropped.push_back({count, why});
  return baselines;
}

static StudyPlan load(const std::string& file, const GridOptions& options, bool elsewhere) {
  const GridFile grid = read_grid_file(file, options, elsewhere);
  load_study_plugins(grid.plugins);
  std::vector<std::vector<Layer>> extra;
  for (const std::string& text : options.sweep) {
    extra.push_back(read_literals("--sweep", text));
    for (const Layer& layer : extra.back()) check_sweepable(layer);
  }
  const Sweep sweep = expand(grid.sweep ? &*grid.sweep : nullptr, grid.base, extra);
  StudyPlan plan = begin_plan(file, options, grid, sweep);
  const std::vector<Settings> cells = check_cells(file, grid, sweep);
  plan.axes = real_axes(sweep.axes, cells);
  const std::size_t baselines = add_trials(cells, Labels(plan.axes, sweep.aside, agreed(grid.base)), plan);
  if (!plan.baseline.empty() && baselines == 0)
    plan.warnings.push_back(
        UsageError(grid.baseline->at.file, grid.baseline->at.line, "baseline",
                   "no cell of this grid matches it, so nothing can be compared against it")
            .what());
  warn_of_seeds(plan);
  warn_of_idle_scaling(plan);
  return plan;
}

StudyPlan load_grid(const std::string& file, const GridOptions& options) {
  return load(file, options, false);
}
StudyPlan load_grid_for_others(const std::string& file, const GridOptions& options) {
  return load(file, options, true);
}

}  // namespace tubal
