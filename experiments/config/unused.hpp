// Which values have no effect in a trial, and why.
#pragma once
#include <string>
#include <vector>

#include "experiments/config/config.hpp"

namespace tubal {

struct Unused {
  std::string key;
  std::string reason;     // "with model.p 1"
  bool by_stack = false;  // the stack has no sub-layer that reads it
};
std::vector<Unused> unused(const TrialConfig& config);

/// Their keys alone; of model.heads and model.heads_per_slice, of which one follows from the other, both
/// where nothing has heads, else neither.
std::vector<std::string> idle_keys(const TrialConfig& config);

/// The shortest list that gives each layer the same transform; none where one serves all. Entries with
/// parameters stay apart, for each has its own.
void shorten_transforms(ModelConfig& model);
/// Whether the transform of this name is in the table, so that no plug-in brings it.
bool built_in(const std::string& transform);

}  // namespace tubal
