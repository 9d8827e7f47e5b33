#include "experiments/cli/open_grid.hpp"

#include <fstream>
#include <iostream>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/typed.hpp"
#include "experiments/cli/arguments.hpp"
#include "experiments/plan/grid.hpp"
#include "experiments/plan/grid_file.hpp"
#include "experiments/plan/plan_reader.hpp"
#include "experiments/runner/prepare.hpp"
#include "experiments/runner/settle.hpp"

namespace tubal::cli {

namespace po = boost::program_options;

namespace {

// A plan says so before anything else, behind its comment.
bool is_plan(const fs::path& file) {
  std::error_code none;
  if (!fs::is_regular_file(file, none)) return false;
  std::ifstream in(file);
  for (std::string line;
       std::getline(in, line) && (line.empty() || line[0] == '#' || line.starts_with("plan: "));)
    if (line.starts_with("plan: ")) return true;
  return false;
}

bool is_study(const fs::path& folder) {
  std::error_code none;
  const layout::StudyFolder study{folder};
  return fs::is_regular_file(study.plan(), none) && fs::is_directory(study.trials(), none);
}

// A plan from elsewhere: its data are where they were, or else beside it.
StudyPlan read_foreign_plan(const fs::path& file, std::vector<std::string>& notes) {
  PlanReading reading = read_plan_lines(file.string());
  if (reading.version > 1 && !reading.left_out.empty()) throw UsageError(reading.left_out[0]);
  StudyPlan plan = std::move(reading.plan);
  const fs::path beside = fs::absolute(file).lexically_normal().parent_path();
  std::error_code none;
  std::string moved;
  for (Trial& t : plan.trials)
    if (!fs::is_directory(t.config.data.folder, none)) {
      moved = t.config.data.folder;
      t.config.data.folder = beside;
    }
  if (!moved.empty())
    notes.push_back("the plan's folder " + moved + " is not here: relative paths of data start at " +
                    beside.string() + ".");
  plan.grid = 0;
  plan.texts = {{fs::absolute(file).lexically_normal().string(), read_file(file)}};
  runner::renew(plan, notes);
  return plan;
}

}  // namespace

void add_grid_options(po::options_description& options) {
  using Words = std::vector<std::string>;
  options.add_options()                                                                      //
      ("set", po::value<Words>(), "KEY=VALUE: set a value of the grid; may be given again")  //
      ("sweep", po::value<Words>(), "KEY=A,B,C: one more axis; may be given again")          //
      ("plugin", po::value<Words>(), "a plug-in (.so) to load; may be given again");
}

Asked open_grid(const po::variables_map& values, bool elsewhere) {
  const std::string name = values["grid"].as<std::string>();
  const bool said = !values["studies"].defaulted();  // --studies was written
  const fs::path path(name), below = values["studies"].as<std::string>();
  const GridOptions options{words_of(values, "set"), words_of(values, "sweep"), words_of(values, "plugin")};
  const bool changed = !options.set.empty() || !options.sweep.empty() || !options.plugins.empty();
  std::error_code none;
  Asked asked;
  const auto own = [&](const fs::path& folder) {
    if (changed)
      throw UsageError("--set, --sweep and --plugin change a grid; `" + name +
                       "` is a study's plan. Name the grid file; `tubal history " +
                       folder.filename().string() + " --text` shows it.");
    asked.study = whole(folder);
    asked.planned = true;
    return asked;
  };
  if (is_plan(path)) {
    const fs::path beside = fs::absolute(path).lexically_normal().parent_path();
    const bool home = path.filename() == layout::StudyFolder{}.plan().filename() && is_study(beside);
    if (home && !said) return own(beside);
    if (changed) return own(beside);
    asked.plan = read_foreign_plan(path, asked.notes);
    asked.study = whole(below / asked.plan.study);
    if (home && asked.study.root == whole(beside).root) return own(beside);
    return asked;
  }
  const bool file = fs::is_regular_file(path, none);
  if (is_study(path)) return own(path.has_filename() ? path : path.parent_path());
  if (!file && path.extension() != ".yaml" && path.extension() != ".yml" && !name.empty()) {
    if (is_study(below / path)) return own(below / path);
    if (!fs::exists(path, none) || fs::is_directory(path, none)) {
      const auto found = find_study(name, below);  // says what there is
      return own(found.root);
    }
  }
  asked.plan = elsewhere ? load_grid_for_others(name, options) : load_grid(name, options);
  asked.study = whole(below / asked.plan.study);
  return asked;
}

runner::StudyIndex prepare(const Asked& asked) {
  for (const std::string& note : asked.notes) std::cerr << "note: " << note << "\n";
  for (const std::string& warning : asked.plan.warnings) std::cerr << "warning: " << warning << "\n";
  runner::StudyIndex index =
      asked.planned ? runner::prepare_again(asked.study) : runner::prepare_study(asked.plan, asked.study);
  for (const std::string& note : index.notes) std::cerr << "note: " << note << "\n";
  return index;
}

}  // namespace tubal::cli
