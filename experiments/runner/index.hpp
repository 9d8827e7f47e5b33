// What running and watching need to know of a plan, without its configurations: 10,000 trials read in a
// blink.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "core/layout.hpp"
#include "experiments/grid.hpp"

namespace tubal::runner {

namespace fs = std::filesystem;

struct PlannedTrial {
  std::string id, label;
  std::uint64_t seed = 0;
  bool baseline = false;
  bool earlier = false;  // begun under an earlier version of the grid, no longer part of it
  std::string name() const { return (label.empty() ? id : label) + " seed=" + std::to_string(seed); }
};

struct StudyIndex {
  std::string study;
  RuntimeConfig runtime;
  PolicyConfig policy;
  AshaConfig asha;
  std::vector<PlannedTrial> trials;
};

StudyIndex index_of(const StudyPlan& plan);

/// Reads `.index.json` of the study's folder where it belongs to plan.yaml as it stands (size and time), else
/// plan.yaml, and writes the index again if it can. Throws UsageError where there is no study.
StudyIndex load_index(const layout::StudyFolder& study);

/// Throws Error where it cannot be written.
void save_index(const layout::StudyFolder& study, const StudyIndex& index);

/// The study named on the command line: a name below `studies`, or a folder that holds a plan.yaml. Throws
/// UsageError naming those that exist.
layout::StudyFolder find_study(const std::string& name, const fs::path& studies);

}  // namespace tubal::runner
