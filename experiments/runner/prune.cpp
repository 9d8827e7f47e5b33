#include "experiments/runner/prune.hpp"

#include <set>

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/file_error.hpp"
#include "core/files.hpp"
#include "experiments/records/grid_history.hpp"
#include "experiments/runner/study_lock.hpp"
#include "experiments/runner/view.hpp"

namespace tubal::runner {

namespace {

double size_of(const fs::path& folder) {
  double bytes = 0;
  std::error_code none;
  for (fs::recursive_directory_iterator i(folder, none), end; i != end; i.increment(none))
    if (i->is_regular_file(none)) bytes += static_cast<double>(i->file_size(none));
  return bytes;
}

// Never two prunes in one folder, however quickly they follow.
fs::path new_archive(const layout::StudyFolder& study) {
  std::string stamp = time_stamp();
  std::erase(stamp, ':');
  fs::path folder = study.archive() / stamp;
  for (int n = 2; fs::exists(folder); ++n) folder = study.archive() / (stamp + "-" + std::to_string(n));
  return folder;
}

}  // namespace

std::vector<Prunable> prunable(const layout::StudyFolder& study) {
  std::vector<Prunable> all;
  for (const PlannedTrial& t : other_trials(study, load_index(study))) {
    const TrialView view = view_trial(study.trial(t.id));
    all.push_back({t, state_text(view), size_of(study.trial(t.id).root), view.state == TrialState::running});
  }
  return all;
}

Pruned prune_trials(const layout::StudyFolder& study, const std::vector<std::string>& ids) {
  Pruned done;
  {
    const StudyLock lock(study, StudyLock::What::grid);
    std::set<std::string> inside;  // as it is now that nobody changes it
    for (const PlannedTrial& t : load_index(study).trials) inside.insert(t.id);
    done.archive = new_archive(study);
    make_folder(done.archive);
    const auto tell = [&] {
      if (!done.trials.empty()) append_prune(study, done.trials, done.archive.string());
    };
    for (const std::string& id : ids) {
      if (inside.count(id)) continue;
      const auto lease = Lease::claim(study.trial(id).root);
      if (!lease) continue;  // it has been taken up meanwhile
      std::error_code failed, none;
      fs::rename(study.trial(id).root, done.archive / id, failed);
      if (failed) {
        tell();
        throw file_error("move", study.trial(id).root, failed.value());
      }
      fs::remove_all(layout::LeaseFolder{done.archive / id}.lease(), none);
      done.trials.push_back(id);
    }
    tell();
  }
  refresh_study(study);
  return done;
}

}  // namespace tubal::runner
