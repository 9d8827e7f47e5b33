// Which values have no effect in a trial, and why (the rest of a trial's identity is declared in grid.hpp).
#pragma once
#include <string>
#include <vector>

#include "experiments/config.hpp"

namespace tubal {

struct Unused {
  std::string key;
  std::string reason;  // "with model.p 1"
};
std::vector<Unused> unused(const TrialConfig& config);

/// identity() of a configuration that is canonical already.
std::string sha256_of(const TrialConfig& canonical_config);

/// Loads the plug-ins of a study, each file once in a process.
void load_study_plugins(const std::vector<PluginFile>& plugins);

}  // namespace tubal
