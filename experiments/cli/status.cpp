// tubal status, tubal watch, tubal stop: looking at a study, and ending it gently.
#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <iostream>

#include "core/error.hpp"
#include "core/typed.hpp"
#include "experiments/cli/arguments.hpp"
#include "experiments/cli/command.hpp"
#include "experiments/runner/signals.hpp"
#include "experiments/runner/stop_token.hpp"
#include "experiments/runner/watch.hpp"

namespace tubal::cli {

namespace po = boost::program_options;

namespace {

po::options_description study_options() {
  po::options_description options("Options");
  options.add_options()("studies", po::value<std::string>()->default_value("studies"),
                        "folder in which studies lie");
  return options;
}

layout::StudyFolder study_of(const po::variables_map& values) {
  return whole(find_study(values["study"].as<std::string>(), values["studies"].as<std::string>()).root);
}

}  // namespace

int status(const std::vector<std::string>& arguments) {
  po::options_description options = study_options();
  // clang-format off
  options.add_options()
    ("all", "every trial: also more than 40, and those outside the current grid")
    ("json", "for programs: one JSON object");
  // clang-format on
  const auto values = parse(
      arguments,
      {"tubal status STUDY [options]",
       R"(How a study's current grid stands: each trial's state, epoch, accuracy (language models: loss in nat) and time, where
the running ones run, why failed ones failed. Reads only; may be called while the study runs, here or elsewhere.)",
       R"(  tubal status imdb-transforms
  tubal status imdb-transforms --all
  tubal status imdb-transforms --json | jq .complete
)"},
      options, "study");
  if (!values) return 0;
  const auto study = study_of(*values);
  auto index = runner::load_index(study);
  if (values->count("all"))
    for (runner::PlannedTrial& t : runner::other_trials(study, index)) index.trials.push_back(std::move(t));
  if (values->count("json"))
    std::cout << runner::status_json(study, index) << "\n";
  else
    std::cout << runner::status_text(study, index, values->count("all") ? SIZE_MAX : 40);
  return 0;
}

int watch(const std::vector<std::string>& arguments) {
  po::options_description options = study_options();
  options.add_options()("every", po::value<double>()->default_value(1.0), "seconds between two looks");
  const auto values = parse(
      arguments,
      {"tubal watch STUDY [options]",
       R"(A live table of a study that runs in another shell or on other machines, until every trial is finished,
or until Ctrl-C. Reads only.)",
       "  tubal watch imdb-transforms\n  tubal watch imdb-transforms --every 10 --studies /data/studies\n"},
      options, "study");
  if (!values) return 0;
  const double every = (*values)["every"].as<double>();
  if (!(every >= 0.1)) throw UsageError("--every must be at least 0.1 seconds");
  const auto study = study_of(*values);
  runner::Display display;
  runner::Signals signals({SIGINT, SIGTERM, SIGHUP});
  std::string last;
  for (;;) {
    const auto index = runner::load_index(study);
    const runner::Snapshot snapshot = runner::look(study, index, display);
    if (display.live())
      display.draw(snapshot.lines);
    else if (snapshot.summary != last)
      display.say(snapshot.summary);
    last = snapshot.summary;
    if (snapshot.settled) return 0;
    pollfd file{signals.descriptor(), POLLIN, 0};
    if (::poll(&file, 1, static_cast<int>(1000 * every)) > 0) return 0;
  }
}

int stop(const std::vector<std::string>& arguments) {
  po::options_description options = study_options();
  options.add_options()("now", "do not let running trials end: they save a checkpoint and stop");
  const auto values = parse(
      arguments,
      {"tubal stop STUDY [options]",
       R"(Drains a study: every `tubal run` of it, on whatever machine, lets its running trials end and starts no new
one (within two seconds; exit status 75). `tubal run` goes on later. Jobs that `tubal submit` has queued
end as soon as they start.)",
       "  tubal stop imdb-transforms\n  tubal stop imdb-transforms --now\n"},
      options, "study");
  if (!values) return 0;
  const auto study = study_of(*values);
  runner::write_stop(study, values->count("now") > 0);
  std::cout << "Every `tubal run` of " << study.name()
            << (values->count("now") ? " saves its trials and stops"
                                     : " ends its running trials and starts no new one")
            << ". `tubal run " << typed(study) << "` goes on later.\n";
  return 0;
}

}  // namespace tubal::cli
