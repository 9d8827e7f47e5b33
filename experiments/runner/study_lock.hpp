// One process at a time at what belongs to a study as a whole: its current grid with
// the history, and study.h5.
#pragma once
#include <filesystem>
#include <string>

#include "core/layout.hpp"
#include "experiments/runner/lease.hpp"

namespace tubal::runner {

/// Held while it lives. Waits for the one who has it (whose death is noticed as that of a trial's owner), a
/// minute and a half at most: then Error.
class StudyLock {
 public:
  enum class What { grid, tables };
  StudyLock(const layout::StudyFolder& study, What what);

 private:
  std::optional<Lease> lease_;
};

/// Takes over, and gives back, what a killed process held.
void clear_dead_locks(const layout::StudyFolder& study);

/// Brings study.h5 to what the trials say now: rebuild_study() under the lock, so that no older
/// view replaces a newer one.
void refresh_study(const layout::StudyFolder& study);

}  // namespace tubal::runner
