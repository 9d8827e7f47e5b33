#include <boost/program_options.hpp>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "analysis/read/text.hpp"
#include "core/error.hpp"
#include "core/format.hpp"
#include "core/parallel.hpp"
#include "core/text_table.hpp"
#include "experiments/cli/arguments.hpp"
#include "experiments/cli/command.hpp"
#include "experiments/cli/open_grid.hpp"
#include "experiments/config/identity.hpp"
#include "experiments/config/schema_hints.hpp"
#include "experiments/config/value.hpp"
#include "experiments/data/data_hint.hpp"
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

using text::bytes;
std::string duration(double s) {
  return s < 100 ? format("%.0f s", s) : s < 6000 ? format("%.0f min", s / 60) : format("%.1f h", s / 3600);
}

nlohmann::ordered_json json_value(const Value& v) {
  return std::visit([](const auto& x) { return nlohmann::ordered_json(x); }, v);
}
nlohmann::ordered_json json_values(const Values& values) {
  nlohmann::ordered_json out = nlohmann::ordered_json::object();
  for (const auto& [key, value] : values) out[key] = json_value(value);
  return out;
}

void print_json(const StudyPlan& plan, const std::vector<Estimate>& estimates) {
  nlohmann::ordered_json out = {{"study", plan.study},
                                {"source", plan.source},
                                {"axes", plan.axes},
                                {"seeds", plan.seeds},
                                {"baseline", json_values(plan.baseline)},
                                {"warnings", plan.warnings}};
  out["dropped"] = nlohmann::ordered_json::array();
  for (const Dropped& d : plan.dropped) out["dropped"].push_back({{"count", d.count}, {"reason", d.reason}});
  out["trials"] = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < plan.trials.size(); ++i) {
    const Trial& t = plan.trials[i];
    const Estimate& e = estimates[i];
    nlohmann::ordered_json row = {{"id", t.id},
                                  {"sha256", t.sha256},
                                  {"label", t.label},
                                  {"seed", t.config.seed},
                                  {"baseline", t.baseline}};
    const auto known = [&](double x) {
      return e.known ? nlohmann::ordered_json(x) : nlohmann::ordered_json(nullptr);
    };
    row["encoder_parameters"] = e.known ? nlohmann::ordered_json(e.encoder) : nullptr;
    row["total_parameters"] = e.known ? nlohmann::ordered_json(e.total) : nullptr;
    row["flops_per_token"] = known(e.flops);
    row["memory_bytes"] = known(e.memory);
    row["disk_bytes"] = known(e.disk);
    row["seconds"] = e.seconds ? nlohmann::ordered_json(*e.seconds) : nullptr;
    row["seconds_timed"] = e.timed;
    row["seconds_of_looking"] =
        e.seconds_a_look ? nlohmann::ordered_json(e.looks * *e.seconds_a_look) : nullptr;
    row["values"] = json_values(values_of(t.config));
    out["trials"].push_back(std::move(row));
  }
  std::cout << out.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
}

// Seconds until the last trial ends, where each begins in order as soon as one of `jobs` places is free.
double side_by_side(const std::vector<double>& times, int jobs) {
  std::vector<double> busy_until(static_cast<std::size_t>(jobs), 0);
  for (const double t : times) *std::min_element(busy_until.begin(), busy_until.end()) += t;
  return *std::max_element(busy_until.begin(), busy_until.end());
}

void print_plan(const StudyPlan& plan, const std::vector<Estimate>& estimates, bool by_cell) {
  std::map<std::string, int> cells;
  for (const Trial& t : plan.trials) ++cells[t.label];
  const auto count = [](std::size_t n, const char* what) {
    return grouped(static_cast<long long>(n)) + " " + what + (n == 1 ? "" : "s");
  };
  std::cout << "study " << plan.study << ": " << count(plan.trials.size(), "trial") << ", "
            << count(cells.size(), "cell") << " x " << count(plan.seeds.size(), "seed") << "\n";
  for (const Dropped& d : plan.dropped)
    std::cout << "  dropped " << count(d.count, "duplicate") << ": " << d.reason << "\n";
  std::vector<Words> rows = {{by_cell ? "cell" : "trial", by_cell ? "seeds" : "cell", by_cell ? "" : "seed",
                              "encoder", "total", "MFLOP/token", "memory", "disk", "time"}};
  if (by_cell) rows[0] = {"cell", "seeds", "encoder", "total", "MFLOP/token", "memory", "disk", "time"};
  std::map<std::string, bool> shown;
  double seconds = 0, disk = 0, looking = 0;
  std::vector<double> times;
  bool all_timed = true, scaled = false;
  for (std::size_t i = 0; i < plan.trials.size(); ++i) {
    const Trial& t = plan.trials[i];
    const Estimate& e = estimates[i];
    looking += e.looks * e.seconds_a_look.value_or(0);
    times.push_back(e.seconds.value_or(0));
    if (e.seconds)
      seconds += *e.seconds;
    else if (e.known)
      all_timed = false;
    scaled |= e.seconds && !e.timed;
    disk += e.disk;
    if (by_cell && shown[t.label]) continue;
    shown[t.label] = true;
    const std::string label = (t.label.empty() ? "(the only cell)" : t.label) + (t.baseline ? "  *" : "");
    Words row = by_cell ? Words{label, std::to_string(cells[t.label])}
                        : Words{t.id, label, std::to_string(t.config.seed)};
    for (std::string& text : e.known ? Words{grouped(e.encoder), grouped(e.total),
                                             format("%.2f", e.flops / 1e6), bytes(e.memory), bytes(e.disk)}
                                     : Words(5, "-"))
      row.push_back(std::move(text));
    row.push_back(e.seconds ? (e.timed ? "" : "~") + duration(*e.seconds) : "-");
    rows.push_back(std::move(row));
  }
  std::cout << "\n";
  std::cout << text_table(rows, by_cell ? std::vector<std::size_t>{0} : std::vector<std::size_t>{0, 1});
  std::cout << "\n";
  if (!plan.baseline.empty()) std::cout << "* baseline\n";
  const int jobs =
      plan.runtime.jobs > 0 ? plan.runtime.jobs : std::max(1, allowed_cores() / plan.runtime.threads);
  std::cout << "in all: disk at most " << bytes(disk);
  if (seconds > 0)
    std::cout << ", time " << duration(seconds) << " one after another, about "
              << duration(side_by_side(times, jobs)) << " with " << jobs << " at a time"
              << (all_timed ? "" : " (without the trials that could not be timed)");
  std::cout << "\n";
  if (looking > 0.01 * seconds)
    std::cout << "of it, looking into the slices after each evaluation: " << duration(looking) << " ("
              << format("%.0f", 100 * looking / seconds) << " %)\n";
  if (scaled) std::cout << "~ scaled by FLOPs from models that were timed here\n";
  const DataConfig& data = plan.trials[0].config.data;
  if (data.language) {
    const TextHint hint = text_hint(data);
    std::cout << "Data are not tokenized: a vocabulary of " << grouped(estimates[0].vocabulary)
              << ", windows of " << data.max_length << " tokens, about "
              << grouped(static_cast<long long>(hint.train)) << " tokens for training and "
              << grouped(static_cast<long long>(hint.validation)) << " for validation (" << hint.source
              << ").\n";
    return;
  }
  std::cout << "Data are not read: vocabulary at the tokenizer's limit ("
            << grouped(data.tokenizer.vocabulary) << "), " << estimates[0].classes << " classes, "
            << format("%.0f", estimates[0].mean_tokens) << " tokens a text (" << data_hint(data).source
            << ").\n";
}

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
void print_standing(const StudyPlan& plan, const Asked& asked) {
  std::error_code none;
  if (!std::filesystem::exists(asked.study.plan(), none)) return;
  const runner::StudyIndex index = runner::look_ahead(plan, asked.study, asked.planned);
  for (const std::string& note : index.notes) std::cerr << "note: " << note << "\n";
  const std::size_t all = index.trials.size(), left = runner::missing_trials(asked.study, index).size(),
                    others = runner::other_trials(asked.study, index).size();
  std::cout << "In " << asked.study.root.string() << ": " << all - left << " of " << all
            << " trials are there, " << left << " to run"
            << (others ? ", " + std::to_string(others) + " of other grids" : "") << "; "
            << (index.grid ? "it is the study's current grid.\n"
                           : "`tubal run` makes this the study's current grid.\n");
}

}  // namespace

int plan(const Words& arguments) {
  po::options_description options("Options");
  // clang-format off
  options.add_options()
    ("set", po::value<Words>()->composing(), "KEY=VALUE: set a value of the grid; may be given again")
    ("sweep", po::value<Words>()->composing(), "KEY=A,B,C: one more axis; may be given again")
    ("plugin", po::value<Words>()->composing(), "a plug-in (.so) to load; may be given again")
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
      "Expands a grid, builds every trial shape-only and lists them with parameters, FLOPs, memory, disk "
      "and\n"
      "time (from a few training steps on this machine). Nothing is written and no data are read. What "
      "cannot "
      "be\n"
      "built is told with file, line and key, and the exit status is 2.",
      "  tubal plan experiments/grids/quickstart.yaml\n"
      "  tubal plan grid.yaml --set training.epochs=3 --sweep model.p=1,2,4 --cells\n"
      "  tubal plan grid.yaml --no-timing --json | python3 -m json.tool\n  tubal plan --keys\n"};
  const auto parsed = parse(arguments, help, options, {"grid", Positional::Count::at_most_one});
  if (!parsed) return 0;
  const po::variables_map& given = *parsed;
  if (given.count("keys")) return std::cout << key_reference(), 0;
  if (!given.count("grid")) refuse(help, "GRID.yaml is missing. Usage: " + help.usage);
  const auto words = [&](const char* name) { return given.count(name) ? given[name].as<Words>() : Words{}; };
  const Asked asked =
      open_grid(given["grid"].as<std::string>(),
                given["studies"].defaulted() ? std::nullopt
                                             : std::optional<std::string>(given["studies"].as<std::string>()),
                {words("set"), words("sweep"), words("plugin")}, true);
  const StudyPlan study = asked.planned ? read_plan(asked.study.plan().string()) : asked.plan;
  if (given.count("resolved")) return std::cout << write_plan(study), 0;
  std::vector<Estimate> estimates;
  std::vector<const TrialConfig*> configs;
  const Trial* last = nullptr;
  for (const Trial& t : study.trials) {  // seeds of a cell cost the same
    TrialConfig same = t.config;
    if (last) same.seed = last->config.seed;
    const Estimate again =
        last && same == last->config ? estimates.back() : estimate(t.config, study.runtime);
    estimates.push_back(again);
    configs.push_back(&t.config);
    last = &t;
  }
  if (!given.count("no-timing")) time_trials(configs, estimates, study.runtime, given["budget"].as<double>());
  for (const std::string& warning : study.warnings) std::cerr << "warning: " << warning << "\n";
  warn_of_missing_data(study);
  if (given.count("json"))
    print_json(study, estimates);
  else {
    print_plan(study, estimates, given.count("cells") > 0);
    print_standing(study, asked);
  }
  return 0;
}

}  // namespace tubal::cli
