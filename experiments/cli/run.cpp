// tubal run: what is missing of a grid. tubal retry: what failed.
#include <algorithm>
#include <iostream>
#include <set>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/standard_output.hpp"
#include "core/text.hpp"
#include "core/typed.hpp"
#include "experiments/cli/arguments.hpp"
#include "experiments/cli/command.hpp"
#include "experiments/cli/open_grid.hpp"
#include "experiments/data/corpus.hpp"
#include "experiments/runner/prepare.hpp"
#include "experiments/runner/runner.hpp"
#include "experiments/runner/signals.hpp"
#include "experiments/runner/slurm.hpp"
#include "experiments/runner/table.hpp"

namespace tubal::cli {

namespace po = boost::program_options;
using Words = std::vector<std::string>;

namespace {

void add_run_options(po::options_description& options) {
  // clang-format off
  options.add_options()
    ("studies", po::value<std::string>()->default_value("studies"), "folder in which studies lie")
    ("jobs,j", po::value<int>()->default_value(0), "trials at a time; 0: as runtime.jobs says, or allowed cores / threads")
    ("threads", po::value<int>()->default_value(0), "threads of each trial; 0: as runtime.threads says")
    ("only", po::value<Words>(), "only this trial (its id or the id's beginning); may be given again")
    ("fail-fast", "the first failure ends the run")
    ("no-wait", "do not wait for trials that run elsewhere")
    ("allow-code-change", "go on from checkpoints that another build of tubal made; results may differ in the last bits")
    ("stop-token", po::value<std::string>(), "(for jobs of `tubal submit`) the stop token at submission");
  // clang-format on
}

int run_and_tell(const layout::StudyFolder& study, const runner::StudyIndex& index,
                 const po::variables_map& values, bool again) {
  outlive_reader();
  for (const char* name : {"jobs", "threads"})
    if (values[name].as<int>() < 0) throw UsageError(std::string("--") + name + " must not be negative");
  runner::RunOptions options;
  options.jobs = values["jobs"].as<int>();
  options.threads = values["threads"].as<int>();
  options.only = words_of(values, "only");
  options.fail_fast = values.count("fail-fast") > 0;
  options.wait = values.count("no-wait") == 0;
  options.again = again;
  options.allow_code_change = values.count("allow-code-change") > 0;
  if (values.count("stop-token")) options.stop = values["stop-token"].as<std::string>();
  runner::Display display;
  const ExitStatus status = runner::run_study(study, index, options, display);
  if (const int now = runner::load_index(study).grid; now != index.grid && options.only.empty())
    std::cerr << "note: this was grid " << index.grid << " of " << study.name() << "; meanwhile grid " << now
              << " has become the current one (`tubal history " << study.name() << "`)\n";
  if (status == ExitStatus::interrupted) return static_cast<int>(status);
  std::cout << "\n"
            << runner::result_table(study, index, options.only) << runner::others_text(study, index)
            << "\nAll trials: " << study.data().string()
            << "\nEach trial: " << study.of_each(layout::TrialFolder::data_name).string() << "\n";
  return static_cast<int>(status);
}

// A study that is not there yet is not begun without its data: nothing is written.
void require_data_of_new_study(const Asked& asked) {
  if (asked.planned || file_is_there(asked.study.plan())) return;
  std::vector<DataConfig> seen;
  for (const auto& trial : asked.plan.trials) {
    if (std::find(seen.begin(), seen.end(), trial.config.data) != seen.end()) continue;
    seen.push_back(trial.config.data);
    require_corpus(trial.config.data);
  }
}

}  // namespace

int run(const Words& arguments) {
  po::options_description options("Options");
  add_grid_options(options);
  add_run_options(options);
  const auto values = parse(
      arguments,
      {"tubal run GRID.yaml [options]",
       R"(Runs what is missing of a grid, one process a trial, and prints a table. What is finished never runs
again; what was interrupted or killed goes on from its checkpoint. Several `tubal run` of one study, on
one machine or on machines that share its folder, divide the work. The grid becomes the study's current
one; trials of earlier grids stay. Instead of a grid a study may be named, or a plan.yaml, also a copy:
with --studies it makes the study anew there.
Exit status: 0 done, 1 some trials failed, 2 usage or configuration, 75 interrupted (run again to go on).)",
       R"(  tubal run experiments/grids/quickstart.yaml
  tubal run grid.yaml --jobs 4 --threads 2 --studies /data/studies
  tubal run grid.yaml --set training.epochs=3 --sweep model.p=1,2,4
  tubal run imdb-transforms                                  # its current grid again
  tubal run studies/imdb-transforms/plan.yaml --studies again
)"},
      options, "grid");
  if (!values) return 0;
  runner::end_on_signals(static_cast<int>(ExitStatus::interrupted));
  const Asked asked = open_grid(*values);
  require_data_of_new_study(asked);
  // A job of `tubal submit` names its trial: it changes nothing of the study.
  if (asked.planned && values->count("only")) {
    runner::check_writable(asked.study.trials());
    return run_and_tell(asked.study, runner::load_index(asked.study), *values, false);
  }
  const runner::StudyIndex index = prepare(asked);
  if (!index.data_problem.empty() && !runner::missing_trials(asked.study, index).empty())
    throw UsageError(index.data_problem +
                     " No trial was started; `tubal run` goes on once the data are there.");
  return run_and_tell(asked.study, index, *values, false);
}

int retry(const Words& arguments) {
  po::options_description options("Options");
  options.add_options()("failed", "the trials that failed or diverged");
  add_run_options(options);
  const auto values = parse(
      arguments,
      {"tubal retry STUDY --failed [options]",
       R"(Runs trials again that failed or diverged, as `tubal run` runs them, and whatever else is missing. Trials
that were killed from outside need no retry: `tubal run` takes them up by itself.)",
       R"(  tubal retry imdb-transforms --failed
  tubal retry imdb-transforms --failed --only 3fa9c1 --threads 2
)"},
      options, "study");
  if (!values) return 0;
  if (!values->count("failed"))
    throw UsageError("say what to retry: `tubal retry " + shell_word((*values)["study"].as<std::string>()) +
                     " --failed`");
  runner::end_on_signals(static_cast<int>(ExitStatus::interrupted));
  const auto study =
      whole(find_study((*values)["study"].as<std::string>(), (*values)["studies"].as<std::string>()).root);
  const runner::StudyIndex index = prepare({study, true, {}, {}});
  return run_and_tell(study, index, *values, true);
}

}  // namespace tubal::cli
