// tubal trial: one trial in this process. `tubal run` starts it; it claims the trial, so whoever writes in
// the trial's folder is alive exactly as long as the claim.
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <set>
#include <thread>

#include "core/environment.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "core/layout.hpp"
#include "experiments/cli/arguments.hpp"
#include "experiments/cli/command.hpp"
#include "experiments/config/study_keys.hpp"
#include "experiments/config/trial_file.hpp"
#include "experiments/records/status.hpp"
#include "experiments/records/stored_trial.hpp"
#include "experiments/runner/asha.hpp"
#include "experiments/runner/index.hpp"
#include "experiments/runner/lease.hpp"
#include "experiments/runner/message.hpp"
#include "experiments/runner/runner.hpp"
#include "experiments/runner/study_lock.hpp"
#include "experiments/training/stop_request.hpp"
#include "experiments/training/trial.hpp"

namespace tubal::cli {

namespace po = boost::program_options;

namespace {

// Beats until it goes out of scope. A lease lost to another process (this machine slept) ends this one at
// once, before it writes again.
class Heart {
 public:
  explicit Heart(runner::Lease& lease)
      : thread_([this, &lease] {
          std::unique_lock lock(mutex_);
          const auto pause = std::chrono::milliseconds(static_cast<int>(1000 * runner::lease_heartbeat));
          while (!over_.wait_for(lock, pause, [this] { return done_; }))
            if (!lease.heartbeat()) {
              std::fputs("another process has taken this trial over; ending\n", stderr);
              ::_exit(runner::taken_status);
            }
        }) {}
  ~Heart() {
    {
      const std::lock_guard lock(mutex_);
      done_ = true;
    }
    over_.notify_all();
    thread_.join();
  }

 private:
  std::mutex mutex_;
  std::condition_variable over_;
  bool done_ = false;
  std::thread thread_;
};

// The runner's file descriptor for messages; -1 where no runner listens. Not told to
// what this process starts.
int told_descriptor() {
  const auto text = environment(runner::report_variable);
  const int number = text ? std::atoi(text->c_str()) : -1;
  ::unsetenv(runner::report_variable);
  return number;
}

// Trials of the current grid where this one is of it, else none: ASHA compares within a grid.
std::set<std::string> rivals(const layout::TrialFolder& folder) {
  std::set<std::string> ids;
  try {
    for (const runner::PlannedTrial& t : runner::load_index({folder.study()}).trials) ids.insert(t.id);
  } catch (const std::exception&) {  // no study: a trial by itself
  }
  return ids.count(folder.id()) ? ids : std::set<std::string>{};
}

// Claims the trial and trains it; returns the exit status.
int run_claimed(const layout::TrialFolder& folder, const po::variables_map& values, const Settings& settings,
                runner::Reporter& reporter) {
  auto lease = runner::Lease::claim(folder.root);
  if (!lease) return runner::taken_status;
  const Heart heart(*lease);

  const TrialStatus before = read_status(folder.root);
  const int known = values["attempt"].as<int>();
  if (before.state == TrialState::complete || before.state == TrialState::stopped) return 0;
  if (is_final(before.state) && known >= 0 && before.attempt > known) return 0;
  const TrialConfig config = read_trial(folder.config().string());
  if (folder.in_study())
    if (const StoredTrial stored = need_stored_trial(folder); !stored.problem.empty())
      throw UsageError(
          stored.problem +
          ". It is not trained under that name; `tubal run` on the study puts in order what is of "
          "its grid.");

  TrialOptions how;
  how.study = values["study"].as<std::string>();
  how.runtime = settings.runtime;
  how.policy = settings.policy;
  how.allow_code_change = values.count("allow-code-change") > 0;
  Progress latest;
  std::string phase;
  const auto message = [&](const char* kind) {
    runner::Message m;
    m.kind = kind;
    m.text = latest.phase;
    m.epoch = latest.epoch;
    m.epochs = latest.epochs;
    m.step = latest.step;
    m.steps = latest.steps;
    m.loss = latest.loss;
    m.tokens_per_second = latest.tokens_per_second;
    m.seconds_left = latest.seconds_left;
    return m;
  };
  how.progress = [&](const Progress& progress) {
    latest = progress;
    const bool training = std::string(progress.phase) == "training";
    if (training)
      reporter.tell(message("step"));
    else if (phase != progress.phase)
      reporter.tell(message("note"));
    phase = progress.phase;
  };
  const AshaConfig& asha = settings.asha;
  how.failed = [&](Cause cause) { reporter.tell_failure(cause); };
  how.keep_going = [&](int epoch, const Scores& validation) {
    runner::Message m = message("epoch");
    m.epoch = epoch;
    m.validation_accuracy = validation.accuracy;
    m.validation_loss = validation.loss;
    m.validation_bits_per_byte = validation.bits_per_byte;
    reporter.tell(m);
    return runner::asha_goes_on({folder.study()}, asha, folder.id(), epoch,
                                {validation.accuracy, validation.loss, validation.bits_per_byte},
                                asha.metric.empty() ? std::set<std::string>{} : rivals(folder));
  };
  return static_cast<int>(run_trial(folder.root, config, how));
}

}  // namespace

int trial(const std::vector<std::string>& arguments) {
  po::options_description options("Options");
  // clang-format off
  options.add_options()
    ("study", po::value<std::string>()->default_value(""), "name of the study")
    ("set", po::value<std::vector<std::string>>()->composing(), "KEY=VALUE: a key of runtime, policy or sweep.early_stop, as the study has it; may be given again")
    ("attempt", po::value<int>()->default_value(-1), "processes that had begun at it when the runner looked; more by now: leave it")
    ("allow-code-change", "go on from the checkpoint of another build")
    ("rebuild", po::value<std::string>(), "rebuild study.h5 of this study's folder instead");
  // clang-format on
  const Help help = {
      "tubal trial FOLDER [options]",
      R"(Runs one trial in this process, from the config.yaml in its folder. `tubal run` starts it so; by hand it
serves to watch a trial under a debugger.)",
      R"(  tubal trial studies/imdb/trials/3fa9c1d0e2b4
  tubal trial studies/imdb/trials/3fa9c1d0e2b4 --set runtime.threads=2 --set policy.on_nan=skip
)"};
  const auto values = parse(arguments, help, options, {"folder", Positional::Count::at_most_one});
  if (!values) return 0;
  if (values->count("rebuild")) {
    runner::refresh_study({(*values)["rebuild"].as<std::string>()});
    return 0;
  }
  if (!values->count("folder")) refuse(help, "FOLDER is missing. Usage: " + help.usage);
  const Settings settings = read_study_words("--set", words_of(*values, "set"));
  stop_on_signals();
  const layout::TrialFolder folder{
      std::filesystem::absolute((*values)["folder"].as<std::string>()).lexically_normal()};
  runner::Reporter reporter(told_descriptor());
  try {
    if (!file_is_there(folder.config()))
      throw UsageError(folder.root.string() + " holds no config.yaml. `tubal run GRID.yaml` makes trials.");
    return run_claimed(folder, *values, settings, reporter);
  } catch (const std::exception& e) {  // before the training: nothing is recorded, the runner is told
    reporter.tell_failure(cause_of(e));
    throw;
  }
}

}  // namespace tubal::cli
