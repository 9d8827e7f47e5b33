// Which values have no effect in a trial, and why (the rest of a trial's identity is declared in grid.hpp).
#pragma once
#include <string>
#include <vector>

#include "experiments/config.hpp"

namespace tubal {

struct Unused {
  std::string key;
  std::string reason;     // "with model.p 1"
  bool by_stack = false;  // the stack has no sub-layer that reads it
};
std::vector<Unused> unused(const TrialConfig& config);

/// The shortest list that gives each layer the same transform; none where one serves all. Entries with
/// parameters stay apart, for each has its own.
void shorten_transforms(ModelConfig& model);
/// Fields that follow from others: model.max_length, model.transform from a list's first, and of a language
/// model data.language and the metric that it is judged by where none is given.
void follow_up(TrialConfig& config);
/// SHA-256 of the plug-ins that the trial uses: all of its study, where its transform is none of ours.
std::vector<std::string> used_plugins(const TrialConfig& config);

/// identity() of a configuration that is canonical already.
std::string sha256_of(const TrialConfig& canonical_config);

/// SHA-256 of a file, remembered while its size and times stay the same: 10,000 trials may name one file.
/// "missing" where there is none.
std::string remembered_digest(const std::string& file);

/// Loads the plug-ins of a study, each file once in a process.
void load_study_plugins(const std::vector<PluginFile>& plugins);

}  // namespace tubal
