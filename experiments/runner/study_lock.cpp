#include "experiments/runner/study_lock.hpp"

#include <chrono>
#include <thread>

#include "core/error.hpp"
#include "core/files.hpp"
#include "experiments/records/study_folder.hpp"

namespace tubal::runner {

static layout::LeaseFolder place(const layout::StudyFolder& study, StudyLock::What what) {
  return what == StudyLock::What::grid ? study.grid_lock() : study.tables_lock();
}

StudyLock::StudyLock(const layout::StudyFolder& study, What what) {
  const fs::path folder = place(study, what).root;
  make_folder(folder);
  for (int wait = 0; wait < 4500; ++wait) {
    if (auto lease = Lease::claim(folder)) {
      lease_.emplace(std::move(*lease));
      return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(wait < 50 ? 2 : 20));
  }
  const auto view = look_at_lease(folder);
  throw Error(
      study.root.string() + ": " +
      (view ? "process " + std::to_string(view->owner.pid) + " on " + view->owner.host : "another process") +
      " has been changing the study for 90 s. Run the command again once it has ended.");
}

void clear_dead_locks(const layout::StudyFolder& study) {
  std::error_code none;
  for (const auto what : {StudyLock::What::grid, StudyLock::What::tables})
    if (fs::exists(place(study, what).lease(), none)) Lease::claim(place(study, what).root);
}

void refresh_study(const layout::StudyFolder& study) {
  const StudyLock lock(study, StudyLock::What::tables);
  rebuild_study(study.root);
}

}  // namespace tubal::runner
