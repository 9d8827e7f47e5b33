// config.yaml: one trial written out, and read back to the same.
#pragma once
#include <string>

#include "experiments/config/config.hpp"

namespace tubal {

/// config.yaml of one trial, every key written out (numbers so that any YAML reader takes them as numbers),
/// and back. `bare`: without its content.
std::string write_trial(const TrialConfig& config);
std::string write_bare_trial(TrialConfig config);
TrialConfig read_trial(const std::string& file);
TrialConfig parse_trial(const std::string& text, const std::string& file);

}  // namespace tubal
