#include "experiments/config/transform_text.hpp"

#include <stdexcept>

#include "core/error.hpp"
#include "experiments/config/key.hpp"
#include "experiments/config/schema.hpp"
#include "experiments/config/yaml_text.hpp"
#include "experiments/config/yaml_tree.hpp"

namespace tubal {

namespace {

const std::string transform_section = "model.transform.";

std::vector<std::string> field_names() {
  std::vector<std::string> names = {"name"};
  for (const Key& k : schema())
    if (k.name.starts_with(transform_section)) names.push_back(k.name.substr(transform_section.size()));
  names.push_back("options");
  return names;
}

const YamlNode& name_of(const YamlNode& map) {
  const YamlNode* name = map.find("name");
  if (!name) throw std::invalid_argument("found a map without a name, needs {name: permutation, seed: 3}");
  return *name;
}

void set_field(Settings& s, const std::string& key, const YamlNode& node) {
  const Key& k = *find_key(transform_section + key);
  if (node.kind == YamlNode::Kind::list)
    throw std::invalid_argument(key + ": found " + describe(node) + ", needs one value");
  try {
    k.set(s, k.parse(node));
  } catch (const std::invalid_argument& e) {
    throw std::invalid_argument(key + ": " + e.what());
  }
}

}  // namespace

std::string transform_text(const TransformSpec& spec) {
  Settings own, plain;
  own.trial.model.transform = spec;
  std::string text = "{name: " + yaml_text(spec.name);
  const std::size_t bare = text.size();
  for (const Key& k : schema())
    if (k.name.starts_with(transform_section) && !(k.get(own) == k.get(plain)))
      text += ", " + k.name.substr(transform_section.size()) + ": " + yaml_value(k.get(own));
  std::vector<std::string> options;
  for (const auto& [name, value] : spec.options) options.push_back(yaml_text(name) + ": " + yaml_text(value));
  if (!options.empty()) text += ", options: {" + join(options) + "}";
  return text.size() == bare && !spec.name.starts_with("{") ? spec.name : text + "}";
}

TransformSpec read_transform(const YamlNode& node) {
  Settings s;
  if (node.kind == YamlNode::Kind::scalar) {
    s.trial.model.transform.name = node.text;
    return s.trial.model.transform;
  }
  if (node.kind != YamlNode::Kind::map)
    throw std::invalid_argument("found " + describe(node) +
                                ", needs a name or a map such as {name: permutation, seed: 3}");
  set_field(s, "name", name_of(node));
  for (const auto& [field, value] : node.children) {
    if (field == "name") continue;
    if (field == "options" && value.kind == YamlNode::Kind::map) {
      for (const auto& [option, text] : value.children) set_field(s, "options." + option, text);
    } else if (find_key(transform_section + field)) {
      set_field(s, field, value);
    } else {
      const std::string hint = did_you_mean(field, field_names());
      throw std::invalid_argument("`" + field + "` is no field of a transform; " + hint +
                                  (hint.empty() ? "" : " ") + "allowed here: " + join(field_names()));
    }
  }
  return s.trial.model.transform;
}

TransformSpec read_transform(const std::string& text) {
  if (text.starts_with("{")) return read_transform(parse_yaml("list: " + text, "").children.at(0).value);
  TransformSpec spec;
  spec.name = text;
  return spec;
}

}  // namespace tubal
