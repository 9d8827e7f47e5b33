// What a study says beside its trials: the keys of runtime, policy and early stopping. plan.yaml, the index
// and the command line of a trial's process hold them by name, so a new key needs no line in any of these.
#pragma once
#include <string>
#include <vector>

#include "experiments/config/key.hpp"

namespace tubal {

Settings study_settings(const RuntimeConfig& runtime, const PolicyConfig& policy, const AshaConfig& asha);

/// Their values, in the schema's order.
Values study_values(const Settings& settings);
/// KEY=VALUE for each; `changed`: only for those that are not at their default.
std::vector<std::string> study_words(const Settings& settings, bool changed = false);
/// Reads such words; `option` is told in errors. Throws UsageError, also for a key that is a trial's own.
Settings read_study_words(const std::string& option, const std::vector<std::string>& words);

}  // namespace tubal
