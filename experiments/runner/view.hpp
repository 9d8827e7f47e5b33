// How each trial of a study stands: its status.json, corrected by who holds its lease.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "experiments/records/status.hpp"
#include "experiments/runner/index.hpp"
#include "experiments/runner/lease.hpp"

namespace tubal::runner {

struct TrialView {
  TrialStatus status;
  TrialState state = TrialState::planned;  // running only under a living lease; else interrupted
  std::string damage;                      // what is wrong with status.json
  std::string unread;                      // why it cannot be read now, whatever it holds
  const std::string& trouble() const { return damage.empty() ? unread : damage; }
  std::optional<LeaseView> lease;  // looked at only where the state is not final
};

TrialView view_trial(const layout::TrialFolder& folder);

/// A failure from outside the trial (killed, disk full, read-only folder, a checkpoint of another build): the
/// next `tubal run` takes it up again by itself. Others wait for `tubal retry`, since they would fail again.
/// The cause's kind alone decides (core/cause.hpp).
bool from_outside(const TrialStatus& status);

/// Why a complete trial's files are not what status.json says ("trial.h5 is missing", ...); "" if they are.
/// Files not changed since status.json was written are taken to be sound; others are hashed.
std::string damage_of(const layout::TrialFolder& folder, const TrialStatus& status);

struct Tally {
  int total = 0, complete = 0, failed = 0, diverged = 0, stopped = 0, running = 0, interrupted = 0,
      planned = 0;
  void add(TrialState state);
  int finished() const { return complete + failed + diverged + stopped; }
  int left() const { return running + interrupted + planned; }
  std::string text() const;  // "12 complete, 1 failed, 2 running, 30 planned"
};

/// The word for people: "running", "killed", ...
std::string state_text(const TrialView& view);

}  // namespace tubal::runner
