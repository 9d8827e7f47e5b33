#include "core/axis_names.hpp"

#include <map>

namespace tubal {

// Without a last part that says nothing.
static std::string spoken(const std::string& key) {
  for (const char* tail : {".name", ".kind"})
    if (key.size() > 5 && key.ends_with(tail)) return key.substr(0, key.size() - 5);
  return key;
}

// The last `parts` parts of a dotted name, or all there are.
static std::string ending(const std::string& name, std::size_t parts) {
  std::size_t at = name.size();
  while (parts-- > 0 && at != 0) {
    const std::size_t dot = name.rfind('.', at - 1);
    if (dot == name.npos) return name;
    at = dot;
  }
  return name.substr(at + 1);
}

std::vector<std::string> axis_names(const std::vector<std::string>& keys) {
  std::vector<std::string> wholes, names;
  for (const std::string& key : keys) wholes.push_back(spoken(key));
  for (std::size_t i = 0; i < keys.size(); ++i) {
    std::size_t parts = 1;
    const auto name = [&] { return ending(wholes[i], parts); };
    const auto shared = [&] {
      if (name() == "seed") return true;
      for (std::size_t j = 0; j < keys.size(); ++j)
        if (j != i && ending(wholes[j], parts) == name()) return true;
      return false;
    };
    while (name() != wholes[i] && shared()) ++parts;
    names.push_back(shared() ? keys[i] : name());
  }
  // A whole key may be another's end: who is called alike is called by the whole key, which nobody shares.
  for (bool changed = true; changed;) {
    changed = false;
    std::map<std::string, int> count;
    for (const std::string& name : names) ++count[name];
    for (std::size_t i = 0; i < keys.size(); ++i)
      if (count[names[i]] > 1 && names[i] != keys[i]) {
        names[i] = keys[i];
        changed = true;
      }
  }
  return names;
}

}  // namespace tubal
