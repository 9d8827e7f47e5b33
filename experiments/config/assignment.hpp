// Values on their way from a file or the command line into settings, each with the
// place where it was written.
#pragma once
#include <string>
#include <vector>

#include "experiments/config/key.hpp"
#include "experiments/config/yaml_tree.hpp"

namespace tubal {

struct Assignment {
  const Key* key;
  Value value;
  Location at;
};
/// Assignments made together: later layers win over earlier ones.
using Layer = std::vector<Assignment>;

/// What "key: node" says; `node` may be a map where key is a section. `others` are names that the caller
/// reads itself (they are passed over at the top level and offered in hints). Throws UsageError.
Layer read_layer(const YamlNode& map, const std::string& prefix = "",
                 const std::vector<std::string>& others = {});
Layer read_value(const std::string& key, const YamlNode& node, const std::vector<std::string>& others = {});

/// "key=value" of --set: everything after the first = is literal. `option` is told in errors ("--set").
Assignment read_literal(const std::string& option, const std::string& text);
/// "key=a,b,c" of --sweep: a layer for each value; values that are lists stand in brackets, [a,b],[c].
std::vector<Layer> read_literals(const std::string& option, const std::string& text);

/// Later assignments win; setting model.heads switches heads_per_slice off, training.epochs training.steps.
void assign(const Layer& layer, Settings& settings);

/// Throws UsageError where the layer sets a key twice, or heads together with
/// heads_per_slice, or epochs with steps.
void check_layer(const Layer& layer);
/// Throws UsageError where the layer sets a key that is the study's alone (runtime.threads, ...).
void check_sweepable(const Layer& layer);

}  // namespace tubal
