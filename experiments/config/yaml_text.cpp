#include "experiments/config/yaml_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "experiments/config/identity.hpp"
#include "experiments/config/number.hpp"
#include "experiments/config/schema.hpp"

namespace tubal {

// Plain where every YAML reader takes it for a text, else in double quotes (JSON's are YAML's).
std::string yaml_text(const std::string& s) {
  static const std::vector<std::string> words = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"};
  std::string lower = s;
  std::transform(s.begin(), s.end(), lower.begin(),
                 [](unsigned char c) { return c < 128 ? std::tolower(c) : c; });
  const bool letter =
      !s.empty() && std::isalpha(static_cast<unsigned char>(s[0])) && static_cast<unsigned char>(s[0]) < 128;
  const bool plain =
      letter && s.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./") ==
                    std::string::npos;
  return plain && std::find(words.begin(), words.end(), lower) == words.end() ? s : nlohmann::json(s).dump();
}

std::string yaml_value(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return yaml_text(*text);
  if (const auto* x = std::get_if<double>(&value)) return yaml_number(*x);
  if (const auto* n = std::get_if<std::int64_t>(&value)) return std::to_string(*n);
  if (const auto* b = std::get_if<bool>(&value)) return *b ? "true" : "false";
  std::vector<std::string> items;
  if (const auto* texts = std::get_if<std::vector<std::string>>(&value))  // a transform's fields are YAML
    for (const std::string& t : *texts) items.push_back(t.starts_with("{") ? t : yaml_text(t));
  else
    for (const double x : std::get<std::vector<double>>(value)) items.push_back(yaml_number(x));
  return "[" + join(items) + "]";
}

// {a.b: 1, a.c: 2} as nested maps; a section that is also a key (model.transform) holds it as `name`.
std::string yaml_nested(const Values& values, const std::string& indent) {
  std::string out;
  std::vector<std::string> open;
  for (const auto& [key, value] : values) {
    std::vector<std::string> parts;
    for (std::size_t from = 0, dot; from != std::string::npos;
         from = dot == std::string::npos ? dot : dot + 1) {
      dot = key.find('.', from);
      parts.push_back(key.substr(from, dot == std::string::npos ? dot : dot - from));
    }
    if (is_section(key)) parts.push_back("name");
    std::size_t same = 0;
    while (same < open.size() && same + 1 < parts.size() && open[same] == parts[same]) ++same;
    open.resize(same);
    for (; same + 1 < parts.size(); ++same) {
      out += indent + std::string(2 * same, ' ') + parts[same] + ":\n";
      open.push_back(parts[same]);
    }
    out += indent + std::string(2 * same, ' ') + yaml_text(parts.back()) + ": " + yaml_value(value) + "\n";
  }
  return out;
}

std::string yaml_flow(const Values& values) {
  std::vector<std::string> items;
  for (const auto& [key, value] : values) items.push_back(yaml_text(key) + ": " + yaml_value(value));
  return "{" + join(items) + "}";
}

std::string plugin_list(const std::vector<PluginFile>& plugins) {
  std::vector<std::string> items;
  for (const PluginFile& p : plugins)
    items.push_back("{path: " + yaml_text(p.path) + ", sha256: " + yaml_text(p.sha256) + "}");
  return "plugins: [" + join(items) + "]\n";
}

std::string yaml_texts(const std::vector<std::string>& texts) {
  std::vector<std::string> items;
  for (const std::string& t : texts) items.push_back(yaml_text(t));
  return "[" + join(items) + "]";
}

Values trial_values(const TrialConfig& config) {
  Values values = values_of(config);
  const auto after =
      std::find_if(values.begin(), values.end(), [](const auto& v) { return v.first > "data.folder"; });
  values.insert(after, {"data.folder", config.data.folder});
  return values;
}

[[noreturn]] static void refuse_own_file(const YamlNode& node, const std::string& key,
                                         const std::string& message) {
  fail(node.at, key, message + "; this file is written by tubal: `tubal run GRID.yaml` writes it anew");
}

const YamlNode& need(const YamlNode& map, const std::string& key, YamlNode::Kind kind) {
  const YamlNode* node = map.find(key);
  if (!node) refuse_own_file(map, key, "this key is missing");
  if (node->kind != kind) refuse_own_file(*node, key, "found " + describe(*node));
  return *node;
}

std::vector<PluginFile> read_plugins(const YamlNode& root) {
  std::vector<PluginFile> plugins;
  for (const YamlNode& item : need(root, "plugins", YamlNode::Kind::list).items)
    plugins.push_back(
        {need(item, "path", YamlNode::Kind::scalar).text, need(item, "sha256", YamlNode::Kind::scalar).text});
  return plugins;
}

std::uint64_t read_seed(const YamlNode& node) {
  const auto seed = node.kind == YamlNode::Kind::scalar ? parse_integer(node.text) : std::nullopt;
  if (!seed || *seed < 0)
    refuse_own_file(node, "seed", "found " + describe(node) + ", needs an integer, 0 or more");
  return static_cast<std::uint64_t>(*seed);
}

std::vector<std::string> read_texts(const YamlNode& list) {
  std::vector<std::string> texts;
  for (const YamlNode& item : list.items) texts.push_back(item.text);
  return texts;
}

std::string content_text(const Content& content) {
  std::vector<std::string> items;
  for (const auto& [name, digest] :
       {std::pair{"sources", &content.sources}, {"tokens", &content.tokens}, {"matrix", &content.matrix}})
    if (!digest->empty()) items.push_back(std::string(name) + ": " + yaml_text(*digest));
  return "{" + join(items) + "}";
}

Content read_content(const YamlNode& map) {
  Content content;
  for (const auto& [name, node] : map.children) {
    if (node.kind != YamlNode::Kind::scalar) refuse_own_file(node, name, "found " + describe(node));
    if (name == "sources") content.sources = node.text;
    if (name == "tokens") content.tokens = node.text;
    if (name == "matrix") content.matrix = node.text;
  }
  return content;
}

}  // namespace tubal
