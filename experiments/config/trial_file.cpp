#include "experiments/config/trial_file.hpp"

#include "core/files.hpp"
#include "experiments/config/assignment.hpp"
#include "experiments/config/identity.hpp"
#include "experiments/config/value.hpp"
#include "experiments/config/yaml_text.hpp"

namespace tubal {

std::string write_trial(const TrialConfig& config) {
  Values values = trial_values(config);
  values.pop_back();
  std::string out =
      yaml_nested(values, "") + "seed: " + std::to_string(config.seed) + "\n" + plugin_list(config.plugins);
  if (const std::string content = content_text(config.content); content != "{}")
    out += "content: " + content + "\n";
  if (!config.content.build.empty()) out += "build: " + yaml_text(config.content.build) + "\n";
  return out;
}

std::string write_bare_trial(TrialConfig config) {
  config.content = {};
  return write_trial(config);
}

TrialConfig parse_trial(const std::string& text, const std::string& file) {
  const YamlNode root = parse_yaml(text, file);
  Settings s;
  const Layer layer = read_layer(root, "", {"seed", "plugins", "content", "build"});
  check_layer(layer);
  assign(layer, s);
  s.trial.seed = read_seed(need(root, "seed", YamlNode::Kind::scalar));
  s.trial.plugins = read_plugins(root);
  if (const YamlNode* content = root.find("content")) s.trial.content = read_content(*content);
  if (root.find("build")) s.trial.content.build = need(root, "build", YamlNode::Kind::scalar).text;
  follow_up(s.trial);
  return s.trial;
}

TrialConfig read_trial(const std::string& file) { return parse_trial(read_file(file), file); }

}  // namespace tubal
