// Trials that the current grid does not have, into the study's archive. Nothing is deleted.
#pragma once
#include "experiments/runner/index.hpp"

namespace tubal::runner {

struct Prunable {
  PlannedTrial trial;
  std::string state;
  double bytes = 0;
  bool runs = false;  // it stays where it is
};
std::vector<Prunable> prunable(const layout::StudyFolder& study);

struct Pruned {
  fs::path archive;
  std::vector<std::string> trials;
};
/// Moves these trials to a new folder of the archive, tells the history, and brings study.h5 up to date.
/// Those that have come into the grid, or begun to run, meanwhile stay.
Pruned prune_trials(const layout::StudyFolder& study, const std::vector<std::string>& ids);

}  // namespace tubal::runner
