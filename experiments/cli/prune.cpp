// tubal prune: trials outside the current grid into the study's archive.
#include <unistd.h>

#include <iostream>

#include "core/error.hpp"
#include "core/typed.hpp"
#include "experiments/cli/arguments.hpp"
#include "experiments/cli/command.hpp"
#include "experiments/plan/plan_reader.hpp"
#include "experiments/runner/display.hpp"
#include "experiments/runner/prepare.hpp"
#include "experiments/runner/prune.hpp"

namespace tubal::cli {

namespace po = boost::program_options;

namespace {

bool agreed() {
  if (!::isatty(0)) return false;
  std::cout << "Move them? [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "yes";
}

}  // namespace

int prune(const std::vector<std::string>& arguments) {
  po::options_description options("Options");
  // clang-format off
  options.add_options()
    ("studies", po::value<std::string>()->default_value("studies"), "folder in which studies lie")
    ("not-in-grid", "the trials that are not in the current grid")
    ("yes,y", "do not ask")
    ("dry-run", "say what would be moved, and how large it is");
  // clang-format on
  const auto values = parse(
      arguments,
      {"tubal prune STUDY --not-in-grid [options]",
       R"(Moves the trials that the current grid does not have into the study's folder archive/, after saying which and how
large. Nothing is deleted: to take a trial back, move its folder to trials/. Trials that run stay.)",
       R"(  tubal prune imdb-transforms --not-in-grid --dry-run
  tubal prune imdb-transforms --not-in-grid --yes
)"},
      options, "study");
  if (!values) return 0;
  const std::string name = (*values)["study"].as<std::string>();
  if (!values->count("not-in-grid"))
    throw UsageError("say what to move: `tubal prune " + name + " --not-in-grid`");
  const auto study = whole(find_study(name, (*values)["studies"].as<std::string>()).root);
  if (read_plan_lines(study.plan().string()).version == 1)
    for (const std::string& note : runner::prepare_again(study).notes) std::cerr << "note: " << note << "\n";
  std::vector<std::string> ids;
  double bytes = 0;
  for (const runner::Prunable& p : runner::prunable(study)) {
    std::cout << p.trial.id << "  " << p.trial.name() << "  " << p.state << "  "
              << runner::show_bytes(p.bytes) << (p.runs ? "  stays: it runs" : "") << "\n";
    if (!p.runs) {
      ids.push_back(p.trial.id);
      bytes += p.bytes;
    }
  }
  if (ids.empty()) {
    std::cout << "Nothing to move: every trial of " << study.name() << " is in its current grid, or runs.\n";
    return 0;
  }
  std::cout << runner::show_trials(ids.size()) << ", " << runner::show_bytes(bytes) << ", to "
            << study.archive().string() << "\n";
  if (values->count("dry-run")) return 0;
  if (!values->count("yes") && !agreed())
    throw UsageError("nothing was moved: `tubal prune " + name + " --not-in-grid --yes` moves them.");
  const runner::Pruned done = runner::prune_trials(study, ids);
  std::cout << "Moved " << runner::show_trials(done.trials.size()) << ". To take them back: mv '"
            << done.archive.string() << "'/* '" << study.trials().string() << "/'\n";
  return 0;
}

}  // namespace tubal::cli
