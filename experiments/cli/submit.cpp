// tubal submit: a study as jobs of a scheduler.
#include <iostream>

#include "core/error.hpp"
#include "core/text.hpp"
#include "core/typed.hpp"
#include "experiments/cli/arguments.hpp"
#include "experiments/cli/command.hpp"
#include "experiments/cli/open_grid.hpp"
#include "experiments/runner/prepare.hpp"
#include "experiments/runner/slurm.hpp"

namespace tubal::cli {

namespace po = boost::program_options;
using Words = std::vector<std::string>;

int submit(const Words& arguments) {
  po::options_description options("Options");
  // clang-format off
  options.add_options()
    ("engine", po::value<std::string>()->default_value("slurm"), "slurm; or local: says what `tubal run` would do")
    ("partition", po::value<std::string>()->default_value(""), "Slurm's partition")
    ("time", po::value<std::string>()->default_value(""), "time limit of a task, such as 4:00:00; a trial that needs longer is queued again")
    ("cpus", po::value<int>()->default_value(0), "cores of a task; 0: runtime.threads")
    ("memory", po::value<std::string>()->default_value(""), "memory of a task, such as 4G")
    ("account", po::value<std::string>()->default_value(""), "Slurm's account")
    ("array-size", po::value<int>()->default_value(0), "most tasks of one array; 0: the cluster's MaxArraySize")
    ("at-a-time", po::value<int>()->default_value(0), "most tasks of one array that run at once; 0: no limit")
    ("grace", po::value<int>()->default_value(60), "seconds before the time limit at which a trial saves itself")
    ("sbatch", po::value<Words>(), "a further option of sbatch, such as --sbatch=--constraint=avx512; may be given again")
    ("dry-run", "show the scripts; write and submit nothing")
    ("studies", po::value<std::string>()->default_value("studies"), "folder in which studies lie; all nodes must see it");
  // clang-format on
  add_grid_options(options);
  const auto values = parse(
      arguments,
      {"tubal submit GRID.yaml --engine slurm [options]",
       R"(Queues what is missing of a grid as Slurm job arrays, one task a trial, and returns at once; nothing has to
stay alive. A task that is preempted or reaches its time limit saves a checkpoint, is queued again and goes
on. `tubal status`, `watch`, `stop` and a local `tubal run` work on the same study meanwhile.)",
       R"(  tubal submit grid.yaml --engine slurm --partition main --time 4:00:00 --cpus 2 --memory 4G
  tubal submit grid.yaml --engine slurm --dry-run
)"},
      options, "grid");
  if (!values) return 0;
  const auto text = [&](const char* name) { return (*values)[name].as<std::string>(); };
  const auto number = [&](const char* name) {
    const int n = (*values)[name].as<int>();
    if (n < 0) throw UsageError(std::string("--") + name + " must not be negative");
    return n;
  };
  if (text("engine") != "slurm" && text("engine") != "local")
    throw UsageError("--engine " + text("engine") + ": there are slurm and local. " +
                     did_you_mean(text("engine"), {"slurm", "local"}));
  const bool dry = values->count("dry-run") || text("engine") == "local";

  const Asked asked = open_grid(*values, text("engine") == "slurm");
  const layout::StudyFolder& study = asked.study;
  const int threads = asked.planned ? runner::load_index(study).runtime.threads : asked.plan.runtime.threads;
  runner::SlurmOptions slurm;
  slurm.partition = text("partition");
  slurm.time = text("time");
  slurm.memory = text("memory");
  slurm.account = text("account");
  slurm.cpus = number("cpus") > 0 ? number("cpus") : std::max(1, threads);
  slurm.array_size = number("array-size");
  slurm.at_a_time = number("at-a-time");
  slurm.grace = number("grace");
  slurm.extra = words_of(*values, "sbatch");
  // Refuses what cannot stand in a script, before anything is written.
  runner::slurm_script(study, slurm, study.slurm(1).list(0).string(), 1);
  if (text("engine") == "slurm" && !dry)
    runner::max_array_size();  // no Slurm: say so before anything is written
  runner::StudyIndex index = dry ? runner::look_ahead(asked.plan, study, asked.planned) : prepare(asked);
  const std::vector<std::string> missing = runner::missing_trials(study, index);
  if (missing.empty()) {
    std::cout << "Nothing to submit: every trial of " << index.study << " is finished or running.\n";
    return 0;
  }
  if (text("engine") == "local") {
    std::cout << missing.size() << " of " << index.trials.size() << " trials are missing. `tubal run "
              << shell_word(text("grid")) << " --studies " << shell_word(text("studies"))
              << "` runs them on this machine.\n";
    return 0;
  }
  if (dry) {
    std::cout << "# " << missing.size() << " of " << index.trials.size()
              << " trials are missing; `sbatch --parsable` would get:\n"
              << runner::slurm_script(study, slurm, study.slurm(1).list(0).string(), missing.size());
    return 0;
  }
  const runner::Submission done = runner::submit_slurm(study, missing, slurm);
  std::cout << "Queued " << missing.size() << " trials of " << index.study << " as " << done.jobs.size()
            << (done.jobs.size() == 1 ? " array" : " arrays") << ": job " << join(done.jobs)
            << ".\nScripts and logs: " << done.folder << "\n`tubal status " << typed(study)
            << "` and `squeue` say how they stand.\n";
  return 0;
}

}  // namespace tubal::cli
