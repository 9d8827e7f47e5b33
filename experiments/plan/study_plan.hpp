// The trials of a study's current grid, as plain data.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "experiments/config/config.hpp"
#include "experiments/config/value.hpp"

namespace tubal {

/// A trial of a study. Its folder is trials/<id>.
struct Trial {
  TrialConfig config;  // canonical: values that have no effect are at their defaults
  std::string sha256;  // of the canonical configuration, 64 hexadecimal digits
  /// Its first 12 (short_digest); where the store holds that trial on other data,
  /// "-" and eight of its data's.
  std::string id;
  /// The swept values that matter, without the seed: "p=4 transform=dct"; "" if nothing is swept.
  std::string label;
  bool baseline = false;  // matches the grid's `baseline`
  /// Every point of the sweep's axes that comes to this trial (p = 1: one for each transform).
  std::vector<Values> cells;
};

/// Trials that came out equal to an earlier one and were dropped.
struct Dropped {
  std::size_t count = 0;
  std::string reason;  // "model.transform has no effect with model.p: 1"
};

struct StudyPlan {
  int grid = 0;        // its number in the study's history; 0: not yet in one
  std::string study;   // name, also of its folder
  std::string source;  // the grid file, absolute
  RuntimeConfig runtime;
  PolicyConfig policy;
  AshaConfig asha;
  std::vector<std::string> axes;  // swept keys in the order of the file, without the seed
  std::vector<std::uint64_t> seeds;
  Values baseline;
  std::vector<PluginFile> plugins;
  std::vector<Trial> trials;  // seeds run fastest within a cell
  std::vector<Dropped> dropped;
  std::vector<std::string> warnings;
  // For the history; not in plan.yaml.
  std::vector<std::string> command;                        // --set, --sweep and --plugin as given
  std::vector<std::pair<std::string, std::string>> texts;  // the grid file and those it builds on: path, text
};

}  // namespace tubal
