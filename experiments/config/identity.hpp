// What a trial is, apart from how it was written down: unused values reset, one canonical text, its SHA-256.
#pragma once
#include <string>
#include <vector>

#include "experiments/config/config.hpp"
#include "experiments/config/value.hpp"

namespace tubal {

/// Every key that is part of identity and its value, sorted by key; ends with "seed".
Values values_of(const TrialConfig& config);
/// Unused keys to their defaults, heads_per_slice into heads, a list of transforms as short as it can be,
/// what follows from other keys (follow_up).
TrialConfig canonical(TrialConfig config);
/// One "key: value" line a key, sorted: what is hashed.
std::string canonical_text(const TrialConfig& config);
/// SHA-256 of canonical_text(canonical(config)), hexadecimal.
std::string identity(const TrialConfig& config);
/// Whether a folder of this name may hold the trial of this identity: "0123456789ab", or "0123456789ab-" and
/// the first eight digits of the digest of what it read.
bool names(const std::string& folder, const std::string& sha256, const Content& content);
std::string name_on_other_data(const std::string& sha256, const Content& content);

/// Fields that follow from others: model.max_length, model.transform from a list's first, and of a language
/// model data.language and the metric that it is judged by where none is given.
void follow_up(TrialConfig& config);
/// SHA-256 of the plug-ins that the trial uses: all of its study, where its transform is none of ours.
std::vector<std::string> used_plugins(const TrialConfig& config);

/// identity() of a configuration that is canonical already.
std::string sha256_of(const TrialConfig& canonical_config);

}  // namespace tubal
