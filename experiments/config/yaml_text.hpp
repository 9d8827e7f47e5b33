// Values as YAML text that every YAML reader takes as what they are; and the parts that plan.yaml and
// config.yaml have in common.
#pragma once
#include "experiments/config/config.hpp"
#include "experiments/config/value.hpp"
#include "experiments/config/yaml_tree.hpp"

namespace tubal {

std::string yaml_text(const std::string& text);
std::string yaml_value(const Value& value);
/// {a.b: 1, a.c: 2} as nested maps; a section that is also a key (model.transform) holds it as `name`.
std::string yaml_nested(const Values& values, const std::string& indent);
/// {a.b: 1, a.c: 2} on one line.
std::string yaml_flow(const Values& values);
std::string yaml_texts(const std::vector<std::string>& texts);

/// values_of() with data.folder, which is no part of a trial's identity.
Values trial_values(const TrialConfig& config);
std::string plugin_list(const std::vector<PluginFile>& plugins);
/// {sources: ..., tokens: ..., matrix: ...}: what is known of it, without the build.
std::string content_text(const Content& content);

/// The child `key`, of this kind; UsageError where it is not there.
const YamlNode& need(const YamlNode& map, const std::string& key, YamlNode::Kind kind);
std::vector<PluginFile> read_plugins(const YamlNode& root);
std::uint64_t read_seed(const YamlNode& node);
std::vector<std::string> read_texts(const YamlNode& list);
Content read_content(const YamlNode& map);

}  // namespace tubal
