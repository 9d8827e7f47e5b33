// Conditions on settings: exclude, when: if, baseline.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "experiments/config/assignment.hpp"

namespace tubal {

/// {model.p: 1, model.transform: [haar, identity]}: matches settings that have one of
/// the values for every key.
struct Pattern {
  std::vector<std::pair<const Key*, std::vector<Value>>> tests;
  Location at;
  bool matches(const Settings& settings) const;
};
Pattern read_pattern(const YamlNode& node, const std::string& what);

}  // namespace tubal
