// What running and watching need to know of a plan, without its configurations:
// 10,000 trials read in a blink.
#pragma once
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "core/layout.hpp"
#include "experiments/plan/study_plan.hpp"

namespace tubal::runner {

namespace fs = std::filesystem;

struct PlannedTrial {
  std::string id, label;
  std::uint64_t seed = 0;
  bool baseline = false;
  bool earlier = false;   // of the store, and not of the current grid
  bool language = false;  // of a language model, else of a classifier
  std::string name() const { return (label.empty() ? id : label) + " seed=" + std::to_string(seed); }
};

struct StudyIndex {
  std::string study;
  RuntimeConfig runtime;
  PolicyConfig policy;
  AshaConfig asha;
  int grid = 0;                      // its number in the history
  std::vector<PlannedTrial> trials;  // of the current grid
  std::vector<std::string> notes;    // what prepare_study() has to tell
  std::string data_problem;          // why some of its data cannot be read here and now; "" if they can
};

StudyIndex index_of(const StudyPlan& plan);

/// Reads `.index.json` of the study's folder where it belongs to plan.yaml as it stands (size and time), else
/// plan.yaml, and writes the index again if it can. Throws UsageError where there is no study.
StudyIndex load_index(const layout::StudyFolder& study);

/// The trials of the store that are not in the current grid, by id; called as the history calls them.
std::vector<PlannedTrial> other_trials(const layout::StudyFolder& study, const StudyIndex& index);

/// The ids of `trials` that the words of `only` mean (core/typed.hpp).
std::set<std::string> ids_chosen(const std::vector<PlannedTrial>& trials,
                                 const std::vector<std::string>& only);

/// Throws Error where it cannot be written.
void save_index(const layout::StudyFolder& study, const StudyIndex& index);

}  // namespace tubal::runner
