// tubal plan: every trial of a grid with its cost, before anything runs.
#include <boost/program_options.hpp>
#include <filesystem>
#include <iostream>
#include <map>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/format.hpp"
#include "experiments/cli/arguments.hpp"
#include "experiments/cli/command.hpp"
#include "experiments/cli/open_grid.hpp"
#include "experiments/cli/plan_views.hpp"
#include "experiments/config/schema_hints.hpp"
#include "experiments/measure/estimate.hpp"
#include "experiments/plan/plan_file.hpp"
#include "experiments/plan/plan_reader.hpp"
#include "experiments/plan/study_plan.hpp"
#include "experiments/runner/prepare.hpp"
#include "experiments/runner/slurm.hpp"

namespace tubal::cli {

namespace po = boost::program_options;

namespace {

using Words = std::vector<std::string>;

void warn_of_missing_data(const StudyPlan& plan) {
  std::map<std::string, bool> told;
  for (const Trial& t : plan.trials) {
    const DataConfig& d = t.config.data;
    std::vector<std::string> paths = {d.path, d.train, d.validation_file, d.test};
    paths.insert(paths.end(), d.train_list.begin(), d.train_list.end());
    for (const std::string& path : paths) {
      const std::string full = resolve(t.config.data, path);
      std::error_code error;
      if (full.empty() || told[full] || std::filesystem::exists(full, error)) continue;
      told[full] = true;
      std::cerr << "warning: " << full
                << " does not exist yet; `tubal run` will need it (relative paths start at "
                << t.config.data.folder << ")\n";
    }
  }
}

// What `tubal run` would make of the study that is there.
void print_standing(const StudyPlan& plan, const std::vector<Estimate>& estimates, const Asked& asked) {
  if (!file_is_there(asked.study.plan())) return;
  const runner::StudyIndex index = runner::look_ahead(plan, asked.study, asked.planned);
  for (const std::string& note : index.notes) std::cerr << "note: " << note << "\n";
  const Words missing = runner::missing_trials(asked.study, index);
  const std::size_t all = index.trials.size(), left = missing.size(),
                    others = runner::other_trials(asked.study, index).size();
  const std::string time = time_left(plan, estimates, missing);
  std::cout << "In " << asked.study.root.string() << ": " << all - left << " of " << all
            << " trials are there, " << left << " to run" << (time.empty() ? "" : " (" + time + ")")
            << (others ? ", " + std::to_string(others) + " of other grids" : "") << "; "
            << (index.grid ? "it is the study's current grid.\n"
                           : "`tubal run` makes this the study's current grid.\n");
}

}  // namespace

int plan(const Words& arguments) {
  po::options_description options("Options");
  add_grid_options(options);
  // clang-format off
  options.add_options()
    ("studies", po::value<std::string>()->default_value("studies"), "folder in which studies lie")
    ("cells", "one line a cell instead of one a trial")
    ("no-timing", "do not time training steps; time is shown as -")
    ("budget", po::value<double>()->default_value(5), "seconds that timing may take")
    ("json", "everything, for programs")
    ("resolved", "print the resolved plan as YAML (what a study keeps as plan.yaml)")
    ("keys", "print every configuration key with its type, range, default and meaning");
  // clang-format on
  const Help help = {
      "tubal plan GRID.yaml [options]",
      R"(Expands a grid, builds every trial shape-only and lists them with parameters, FLOPs, memory, disk and
time (from a few training steps on this machine). Nothing is written and no data are read. What cannot be
built is told with file, line and key, and the exit status is 2.)",
      R"(  tubal plan experiments/grids/quickstart.yaml
  tubal plan grid.yaml --set training.epochs=3 --sweep model.p=1,2,4 --cells
  tubal plan grid.yaml --no-timing --json | python3 -m json.tool
  tubal plan --keys
)"};
  const auto parsed = parse(arguments, help, options, {"grid", Positional::Count::at_most_one});
  if (!parsed) return 0;
  const po::variables_map& given = *parsed;
  if (given.count("keys")) {
    std::cout << key_reference();
    return 0;
  }
  if (!given.count("grid")) refuse(help, "GRID.yaml is missing. Usage: " + help.usage);
  const Asked asked = open_grid(given, true);
  const StudyPlan study = asked.planned ? read_plan(asked.study.plan().string()) : asked.plan;
  if (given.count("resolved")) {
    std::cout << write_plan(study);
    return 0;
  }
  std::vector<Estimate> estimates;
  std::vector<const TrialConfig*> configs;
  const Trial* last = nullptr;
  for (const Trial& t : study.trials) {  // seeds of a cell cost the same
    TrialConfig same = t.config;
    if (last) same.seed = last->config.seed;
    const bool again = last && same == last->config;
    estimates.push_back(again ? Estimate(estimates.back()) : estimate(t.config, study.runtime));
    configs.push_back(&t.config);
    last = &t;
  }
  double share = 1;
  if (!given.count("no-timing"))
    share = time_trials(configs, estimates, study.runtime, given["budget"].as<double>());
  if (share < 0.8)
    std::cerr << "note: this machine is busy: the timing had " << format("%.0f", 100 * share)
              << " % of a processor. Times are those of trials that have one each\n";
  for (const std::string& warning : study.warnings) std::cerr << "warning: " << warning << "\n";
  warn_of_missing_data(study);
  if (given.count("json")) {
    print_plan_json(std::cout, study, estimates);
  } else {
    print_plan(std::cout, study, estimates, given.count("cells") > 0);
    print_standing(study, estimates, asked);
  }
  return 0;
}

}  // namespace tubal::cli
