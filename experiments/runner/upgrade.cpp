#include "experiments/runner/upgrade.hpp"

#include "core/error.hpp"
#include "core/files.hpp"
#include "experiments/records/grid_history.hpp"
#include "experiments/runner/display.hpp"

namespace tubal::runner {

// A folder that holds no other version of plan.yaml: an upgrade that was killed goes on in its own.
static fs::path place_for_copies(const layout::StudyFolder& study) {
  const std::string plan = read_file(study.plan());
  fs::path folder = study.before_upgrade();
  const auto other = [&](const fs::path& kept) { return fs::exists(kept) && read_file(kept) != plan; };
  for (int n = 2; other(layout::StudyFolder{folder}.plan()); ++n)
    folder = study.before_upgrade().string() + "-" + std::to_string(n);
  return folder;
}

int upgrade_study(const layout::StudyFolder& study, const PlanReading& reading,
                  std::vector<std::string>& notes) {
  const fs::path copies = place_for_copies(study);
  make_folder(copies);
  for (const fs::path& file : {study.plan(), study.data(), study.index()})
    if (std::error_code none; fs::exists(file, none) && !fs::exists(copies / file.filename(), none))
      write_file(copies / file.filename(), read_file(file));
  GridHistory history;
  try {
    history = read_grid_history(study);
  } catch (const Error&) {  // begun anew by the first record
  }
  StudyPlan plan = reading.plan;
  plan.grid = 1;
  if (history.grids.empty()) {
    if (!reading.earlier.empty()) {
      StudyPlan before = plan;
      before.trials = reading.earlier;
      before.axes.clear();
      before.baseline.clear();
      before.seeds.clear();
      before.source.clear();
      append_grid(study, before, "trials of grids before this history began; their order is not known");
      plan.grid = 2;
    }
    append_grid(study, plan, "planned by an earlier tubal, before this history began");
  } else {
    plan.grid = history.grids.back().number;
  }
  notes.push_back("study " + study.name() + " was made by an earlier tubal and is upgraded: " +
                  show_trials(reading.plan.trials.size()) + " of its grid and " +
                  show_trials(reading.earlier.size()) +
                  " of earlier grids stay as they are; plan.yaml and study.h5 as they were lie in " +
                  copies.string() + ".");
  for (const std::string& line : reading.left_out)
    notes.push_back("a line of the former plan cannot be read, its trial stays in the store: " + line);
  return plan.grid;
}

}  // namespace tubal::runner
