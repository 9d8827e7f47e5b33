// STUDY or STUDY/TRIAL on the command line: which trials it means.
#pragma once
#include <string>
#include <vector>

#include "core/layout.hpp"

namespace tubal::cli {

struct NamedTrial {
  layout::TrialFolder folder;
  std::string label;  // "p=4 transform=dct seed=0"
};

struct NamedTrials {
  layout::StudyFolder study;
  std::vector<NamedTrial> trials;
  bool one = false;  // a trial was named, not a study
};

/// `name`: a study (its name below `studies`, or its folder), or one followed by /ID, the beginning of an id
/// being enough. Throws UsageError that says what there is.
NamedTrials find_trials(const std::string& name, const std::string& studies);

}  // namespace tubal::cli
