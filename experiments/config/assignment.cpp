#include "experiments/config/assignment.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "core/error.hpp"
#include "core/text.hpp"
#include "experiments/config/schema.hpp"
#include "experiments/config/schema_hints.hpp"

namespace tubal {

namespace {

std::vector<std::string> keys_of_section(const std::string& section) {
  std::vector<std::string> names;
  for (const Key& k : schema())
    if (k.name.starts_with(section + ".")) {
      const std::string rest = k.name.substr(section.size() + 1), name = rest.substr(0, rest.find('.'));
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  return names;
}

[[noreturn]] void refuse_key(const Location& at, const std::string& key,
                             const std::vector<std::string>& others) {
  if (key == "<<" || key.ends_with(".<<"))
    throw UsageError(at.file, at.line, key,
                     "merge keys are not read; let the file build on another one with `base: other.yaml`");
  if (key.ends_with("seed") && key.find('.') == std::string::npos)
    throw UsageError(at.file, at.line, key,
                     "unknown key; seeds are given by `seeds: {first: 0, count: 6}` or `seeds: [0, 1, 2]`");
  const std::string hint = nearest_key(key, others);
  const std::size_t dot = key.rfind('.');
  const std::vector<std::string> allowed =
      dot == std::string::npos ? std::vector<std::string>{} : keys_of_section(key.substr(0, dot));
  throw UsageError(
      at.file, at.line, key,
      "unknown key; " + (hint.empty() ? "" : hint + " ") +
          (allowed.empty() ? "`tubal plan --keys` lists all keys" : "allowed here: " + join(allowed)));
}

Assignment literal(const Key& key, const std::string& text, const Location& at) {
  try {
    return {&key, key.parse_literal(text), at};
  } catch (const std::invalid_argument& e) {
    throw UsageError(at.file, at.line, key.name, e.what());
  }
}

std::pair<std::string, std::string> split(const std::string& option, const std::string& text) {
  if (!is_utf8(text)) throw UsageError(option, 0, "", "the value is not UTF-8 text");
  const std::size_t equal = text.find('=');
  if (equal == std::string::npos || equal == 0)
    throw UsageError(option + " " + text, 0, "",
                     "needs the form key=value, such as " + option +
                         (option == "--sweep" ? " model.p=1,2,4" : " model.p=4"));
  return {text.substr(0, equal), text.substr(equal + 1)};
}

// At the commas; where values may be lists, at those outside brackets, braces and double quotes.
std::vector<std::string> split_values(const std::string& text, bool lists) {
  std::vector<std::string> values(1);
  int depth = 0;
  bool quoted = false;
  for (const char c : text) {
    if (lists && c == '"') quoted = !quoted;
    if (lists && !quoted) depth += (c == '[' || c == '{') - (c == ']' || c == '}');
    if (c == ',' && depth <= 0 && !quoted)
      values.emplace_back();
    else if (c != ' ' || !lists || !values.back().empty())
      values.back() += c;
  }
  return values;
}

const Key& named(const std::string& name, const Location& at) {
  const Key* key = find_key(name);
  if (!key && name == "plugins")
    throw UsageError(at.file, 0, name, "a plug-in is given with --plugin FILE.so");
  if (!key && is_section(name))
    throw UsageError(at.file, 0, name,
                     "this is a section; set one of its keys: " + join(keys_of_section(name)));
  if (!key) refuse_key(at, name, {});
  return *key;
}

}  // namespace

Layer read_value(const std::string& name, const YamlNode& node, const std::vector<std::string>& others) {
  const bool map = node.kind == YamlNode::Kind::map;
  if (map && is_section(name)) return read_layer(node, name, others);
  const Key* key = find_key(name);
  if (key) try {
      return {{key, key->parse(node), node.at}};
    } catch (const std::invalid_argument& e) {
      throw UsageError(node.at.file, node.at.line, name, e.what());
    }
  if (!is_section(name)) refuse_key(node.at, name, others);
  throw UsageError(node.at.file, node.at.line, name,
                   "found " + describe(node) + ", needs a map with the keys " + join(keys_of_section(name)));
}

Layer read_layer(const YamlNode& map, const std::string& prefix, const std::vector<std::string>& others) {
  Layer layer;
  for (const auto& [name, node] : map.children) {
    if (prefix.empty() && std::find(others.begin(), others.end(), name) != others.end()) continue;
    for (Assignment& a : read_value(prefix.empty() ? name : prefix + "." + name, node, others))
      layer.push_back(std::move(a));
  }
  return layer;
}

Assignment read_literal(const std::string& option, const std::string& text) {
  const auto [name, value] = split(option, text);
  const Location at{option + " " + text, 0};
  return literal(named(name, at), value, at);
}

std::vector<Layer> read_literals(const std::string& option, const std::string& text) {
  const auto [name, list] = split(option, text);
  const Location at{option + " " + text, 0};
  const Key& key = named(name, at);
  std::vector<Layer> points;
  for (const std::string& value : split_values(list, key.may_list())) {
    if (key.lists() && !value.starts_with("["))
      throw UsageError(
          at.file, 0, name,
          "this key takes a list, so commas are ambiguous; put each value in brackets, such as " + option +
              " '" + name + "=" + show(key.standard()) + ",[...]'");
    points.push_back({literal(key, value, at)});
  }
  return points;
}

void assign(const Layer& layer, Settings& settings) {
  for (const Assignment& a : layer) {
    a.key->set(settings, a.value);
    if (a.key->name == "model.heads") settings.trial.model.heads_per_slice = 0;
    if (a.key->name == "training.epochs") settings.trial.training.steps = 0;
  }
  for (const Assignment& a : layer)
    if (a.key->name == "model.heads_per_slice" || a.key->name == "training.steps")
      a.key->set(settings, a.value);
}

void check_layer(const Layer& layer) {
  std::map<std::string, const Assignment*> seen;
  for (const Assignment& a : layer) {
    const auto [first, fresh] = seen.emplace(a.key->name, &a);
    if (!fresh) {
      const Location& before = first->second->at;
      throw UsageError(
          a.at.file, a.at.line, a.key->name,
          "this key is set twice, first " +
              (before.line > 0 ? "in line " + std::to_string(before.line) : "by `" + before.file + "`") +
              "; keep one of the two");
    }
  }
  const auto slices = seen.find("model.heads_per_slice");
  if (slices != seen.end() && seen.count("model.heads") && std::get<std::int64_t>(slices->second->value) > 0)
    throw UsageError(
        slices->second->at.file, slices->second->at.line, "model.heads_per_slice",
        "stands beside model.heads, which counts the heads over all slices; give one of the two");
  const auto steps = seen.find("training.steps");
  if (steps != seen.end() && seen.count("training.epochs") &&
      std::get<std::int64_t>(steps->second->value) > 0)
    throw UsageError(
        steps->second->at.file, steps->second->at.line, "training.steps",
        "stands beside training.epochs, and both say how long training is; give one of the two (an epoch has "
        "as many steps as the training part has batches: `tubal plan` shows them)");
}

void check_sweepable(const Layer& layer) {
  for (const Assignment& a : layer)
    if (!a.key->identity)
      throw UsageError(a.at.file, a.at.line, a.key->name,
                       "belongs to the study as a whole and cannot be swept; what a trial is made of lies "
                       "under data, model and training");
}

}  // namespace tubal
