#include "experiments/runner/prepare.hpp"

#include <fstream>
#include <set>

#include "core/error.hpp"
#include "core/files.hpp"
#include "experiments/trial.hpp"

namespace tubal::runner {

namespace {

std::string content(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Not synced, since there may be 10,000: a torn one differs from the plan and is written again by the next
// run.
void write_config(const layout::TrialFolder& folder, const std::string& text) {
  std::error_code none;
  fs::create_directory(folder.root, none);
  if (content(folder.config()) != text) write_file(folder.config(), text, Durability::unsynced);
}

}  // namespace

void check_writable(const fs::path& folder) {
  try {
    make_folder(folder);
    const fs::path probe =
        folder / (".probe." + process_space() + "-" + std::to_string(::getpid()) + "-0.unfinished");
    write_file(probe, std::string(1 << 16, '.'));
    fs::remove(probe);
  } catch (const std::exception& e) {
    throw UsageError(std::string(e.what()) +
                     " Nothing was started; `--studies DIR` chooses another folder for the results.");
  }
}

StudyIndex prepare_study(StudyPlan plan, const fs::path& studies) {
  const layout::StudyFolder study{fs::absolute(studies) / plan.study};
  check_writable(study.trials());
  remove_unfinished(study.root);
  remove_unfinished(study.trials());
  std::set<std::string> now;
  for (const Trial& t : plan.trials) now.insert(t.id);
  std::set<std::string> earlier;
  if (fs::exists(study.plan())) {
    bool kept = false;
    for (const PlannedTrial& t : load_index(study).trials)
      kept = kept || (!now.count(t.id) && fs::exists(study.trial(t.id).status()));
    if (kept)
      for (const Trial& t : read_plan(study.plan().string()).trials)
        if (!now.count(t.id) && fs::exists(study.trial(t.id).status())) {
          plan.trials.push_back(t);
          earlier.insert(t.id);
        }
  }
  StudyIndex index = index_of(plan);
  for (PlannedTrial& t : index.trials) t.earlier = earlier.count(t.id) > 0;
  const std::string text = write_plan(plan);
  if (content(study.plan()) != text) write_file(study.plan(), text);
  save_index(study, index);
  for (const Trial& t : plan.trials) write_config(study.trial(t.id), write_trial(t.config));
  return index;
}

}  // namespace tubal::runner
