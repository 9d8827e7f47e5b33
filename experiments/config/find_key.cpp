// Keys by their names: whole, by a section that a plain value may set, and those of a plug-in's own options.
#include <algorithm>
#include <map>
#include <mutex>

#include "experiments/config/schema.hpp"

namespace tubal {

namespace {

const std::string options_prefix = "model.transform.options.";

// Sections that a plain value may set: `transform: dct`, `position: learned`.
const std::map<std::string, std::string>& shorthands() {
  static const std::map<std::string, std::string> table = [] {
    std::map<std::string, std::string> names = {{"model.transform.name", "model.transform"}};
    for (const Key& k : schema())
      if (k.name.ends_with(".kind") && k.name != "model.kind")
        names[k.name.substr(0, k.name.size() - 5)] = k.name;
    return names;
  }();
  return table;
}

}  // namespace

const Key* find_key(const std::string& name) {
  static const std::map<std::string, const Key*> index = [] {
    std::map<std::string, const Key*> keys;
    for (const Key& k : schema()) keys[k.name] = &k;
    return keys;
  }();
  if (const auto found = index.find(full_name(name)); found != index.end()) return found->second;
  if (!name.starts_with(options_prefix) || name.size() == options_prefix.size()) return nullptr;
  static std::mutex lock;
  static std::map<std::string, Key> options;  // made as they are met
  const std::lock_guard<std::mutex> guard(lock);
  Key& k = options[name];
  if (k.name.empty()) {
    k.name = name;
    k.help = "plug-in: passed to the transform";
    k.slot = [option = name.substr(options_prefix.size())](Settings& s) -> Slot {
      return &s.trial.model.transform.options[option];
    };
  }
  return &k;
}

bool is_section(const std::string& name) {
  const std::string prefix = name + ".";
  return prefix == options_prefix || std::any_of(schema().begin(), schema().end(),
                                                 [&](const Key& k) { return k.name.starts_with(prefix); });
}

std::string full_name(const std::string& name) {
  const auto found = shorthands().find(name);
  return found == shorthands().end() ? name : found->second;
}

}  // namespace tubal
