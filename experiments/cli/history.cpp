// tubal history: the grids that a study has had.
#include <algorithm>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/text_table.hpp"
#include "core/typed.hpp"
#include "experiments/cli/arguments.hpp"
#include "experiments/cli/command.hpp"
#include "experiments/records/grid_history.hpp"
#include "experiments/runner/display.hpp"
#include "experiments/runner/view.hpp"

namespace tubal::cli {

namespace po = boost::program_options;
using Json = nlohmann::ordered_json;

namespace {

// What one grid is, beside what the store holds of it now.
struct Standing {
  const GridRecord* grid;
  std::size_t added = 0, complete = 0, gone = 0;
  std::vector<std::string> states;  // of each trial; "gone" where its folder is not there
};

std::string state_of(const layout::StudyFolder& study, const std::string& id) {
  if (!file_is_there(study.trial(id).config())) return "gone";
  return runner::state_text(runner::view_trial(study.trial(id)));
}

std::vector<Standing> standings(const layout::StudyFolder& study, const GridHistory& history) {
  std::vector<Standing> all;
  std::set<std::string> known;
  std::map<std::string, std::string> state;
  for (const GridRecord& g : history.grids) {
    Standing s{&g, 0, 0, 0, {}};
    for (const GridTrial& t : g.trials) {
      s.added += known.insert(t.id).second;
      std::string& is = state[t.id];
      if (is.empty()) is = state_of(study, t.id);
      s.complete += is == "complete";
      s.gone += is == "gone";
      s.states.push_back(is);
    }
    all.push_back(std::move(s));
  }
  return all;
}

std::string what(const GridRecord& g) {
  std::string text = g.source.empty() ? "" : std::filesystem::path(g.source).filename().string();
  for (const std::string& word : g.command) text += (text.empty() ? "" : " ") + word;
  if (!g.note.empty()) text += (text.empty() ? "(" : " (") + g.note + ")";
  return text;
}

std::string last_run(const GridRecord& g) { return g.runs.empty() ? g.time : g.runs.back(); }

void print_grids(const layout::StudyFolder& study, const GridHistory& history, int current) {
  std::vector<std::vector<std::string>> rows = {
      {"grid", "since", "run again", "by", "trials", "added", "complete", "gone", ""}};
  for (const Standing& s : standings(study, history)) {
    const GridRecord& g = *s.grid;
    rows.push_back({std::to_string(g.number) + (g.number == current ? " *" : ""), g.time,
                    g.runs.empty() ? "" : last_run(g), g.user + "@" + g.host, std::to_string(g.trials.size()),
                    std::to_string(s.added), std::to_string(s.complete), s.gone ? std::to_string(s.gone) : "",
                    what(g)});
  }
  std::cout << text_table(rows, {0, 1, 2, 3, 8});
  for (const PruneRecord& p : history.prunes)
    std::cout << p.time << "  " << p.user << "@" << p.host << " moved "
              << runner::show_trials(p.trials.size()) << " to " << p.archive << "\n";
  std::cout << "\n* is the current grid. `tubal history " << study.name() << " --grid "
            << (current > 0 ? current : history.grids.back().number)
            << "` lists a grid's trials, `--text` prints its file.\n";
}

void print_grid(const layout::StudyFolder& study, const GridHistory& history, const GridRecord& g) {
  std::cout << "grid " << g.number << " of " << study.name() << ", since " << g.time << ", by " << g.user
            << "@" << g.host << ", tubal " << g.program << "\n"
            << what(g) << "\n";
  for (const std::string& time : g.runs) std::cout << "run again " << time << "\n";
  std::cout << "\n";
  std::vector<std::vector<std::string>> rows = {{"trial", "", "state"}};
  for (const Standing& s : standings(study, history))
    if (s.grid == &g)
      for (std::size_t i = 0; i < g.trials.size(); ++i) {
        const GridTrial& t = g.trials[i];
        rows.push_back({t.id,
                        (t.label.empty() ? "" : t.label + " ") + "seed=" + std::to_string(t.seed) +
                            (t.baseline ? " *" : ""),
                        s.states[i]});
      }
  std::cout << text_table(rows, {0, 1, 2});
}

void print_history(const layout::StudyFolder& study, const GridHistory& history, int current) {
  Json out{
      {"study", study.name()}, {"current", current}, {"grids", Json::array()}, {"prunes", Json::array()}};
  for (const Standing& s : standings(study, history)) {
    const GridRecord& g = *s.grid;
    Json grid{{"grid", g.number},   {"time", g.time},          {"runs", g.runs},
              {"user", g.user},     {"host", g.host},          {"program", g.program},
              {"source", g.source}, {"command", g.command},    {"note", g.note},
              {"axes", g.axes},     {"added", s.added},        {"complete", s.complete},
              {"gone", s.gone},     {"texts", Json::object()}, {"trials", Json::array()}};
    for (const auto& [file, text] : g.texts) grid["texts"][file] = text;
    for (std::size_t i = 0; i < g.trials.size(); ++i) {
      const GridTrial& t = g.trials[i];
      grid["trials"].push_back({{"id", t.id},
                                {"label", t.label},
                                {"seed", t.seed},
                                {"baseline", t.baseline},
                                {"state", s.states[i]}});
    }
    out["grids"].push_back(std::move(grid));
  }
  for (const PruneRecord& p : history.prunes)
    out["prunes"].push_back(
        {{"time", p.time}, {"user", p.user}, {"host", p.host}, {"archive", p.archive}, {"trials", p.trials}});
  std::cout << out.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
}

}  // namespace

int history(const std::vector<std::string>& arguments) {
  po::options_description options("Options");
  // clang-format off
  options.add_options()
    ("studies", po::value<std::string>()->default_value("studies"), "folder in which studies lie")
    ("grid", po::value<int>()->default_value(0), "this grid: its trials (or, with --text, its file); 0: the current one")
    ("text", "the grid's file as it was then, with those that it builds on")
    ("json", "everything, for programs");
  // clang-format on
  const auto values = parse(
      arguments,
      {"tubal history STUDY [options]",
       R"(The grids that a study has had: since when and by whom, when they were run again, how many trials each has, how
many of them it added to the store, how many are complete. The current one is what compare, report, export and
status speak of; trials of the others stay in the store. Nothing in the history is ever changed.)",
       R"(  tubal history imdb-transforms
  tubal history imdb-transforms --grid 2
  tubal history imdb-transforms --grid 2 --text > again.yaml    # run it again beside its data
)"},
      options, "study");
  if (!values) return 0;
  const auto study =
      whole(find_study((*values)["study"].as<std::string>(), (*values)["studies"].as<std::string>()).root);
  const GridHistory history = read_grid_history(study);
  if (history.grids.empty())
    throw UsageError("study " + study.name() +
                     " has no history yet: it was made by an earlier tubal. `tubal run " + typed(study) +
                     "` begins one.");
  const int current = runner::load_index(study).grid;
  if (values->count("json")) return print_history(study, history, current), 0;
  const int number = (*values)["grid"].as<int>();
  const bool text = values->count("text") > 0;
  if (number == 0 && !text) return print_grids(study, history, current), 0;
  const GridRecord* grid = history.grid(number ? number : current);
  if (!grid) {
    std::vector<std::string> numbers;
    for (const GridRecord& g : history.grids) numbers.push_back(std::to_string(g.number));
    throw UsageError("--grid " + std::to_string(number) + ": study " + study.name() + " has the grids " +
                     join(numbers) + ".");
  }
  if (!text) return print_grid(study, history, *grid), 0;
  if (grid->texts.empty())
    throw UsageError("the text of grid " + std::to_string(grid->number) +
                     " is not known: it was planned before the history began.");
  for (const auto& [file, written] : grid->texts) {
    std::cout << (grid->texts.size() > 1 ? "# " + file + "\n" : "") << written;
    if (!written.empty() && written.back() != '\n') std::cout << "\n";
  }
  if (!grid->command.empty()) {
    std::cout << "# on the command line:";
    for (const std::string& word : grid->command) std::cout << " " << word;
    std::cout << "\n";
  }
  return 0;
}

}  // namespace tubal::cli
