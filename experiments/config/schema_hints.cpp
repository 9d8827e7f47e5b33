#include "experiments/config/schema_hints.hpp"

#include "core/error.hpp"
#include "experiments/config/key.hpp"
#include "experiments/config/schema.hpp"

namespace tubal {

static std::string last_part(const std::string& name) { return name.substr(name.rfind('.') + 1); }

std::string nearest_key(const std::string& name, const std::vector<std::string>& others) {
  std::vector<std::string> names = others;
  for (const Key& k : schema()) names.push_back(k.name);
  for (std::size_t i = 0, n = names.size(); i < n; ++i)  // their sections
    for (std::size_t dot = names[i].find('.'); dot != std::string::npos; dot = names[i].find('.', dot + 1))
      names.push_back(names[i].substr(0, dot));
  const std::string last = last_part(name);
  std::vector<std::string> same;
  for (const Key& k : schema())
    if (last_part(k.name) == last && k.name != name) same.push_back("`" + k.name + "`");
  if (same.size() == 1) return "did you mean " + same[0] + "?";
  // Near in the same section first, then anywhere, then by the last part alone.
  std::vector<std::string> siblings;
  const std::string section = name.substr(0, name.rfind('.') == std::string::npos ? 0 : name.rfind('.') + 1);
  for (const std::string& n : names)
    if (n.starts_with(section) && n.find('.', section.size()) == std::string::npos)
      siblings.push_back(n.substr(section.size()));
  if (const std::string found = nearest(last, siblings); !found.empty())
    return "did you mean `" + section + found + "`?";
  if (const std::string hint = did_you_mean(name, names); !hint.empty()) return hint;
  std::vector<std::string> lasts;
  for (const Key& k : schema()) lasts.push_back(last_part(k.name));
  if (const std::string found = nearest(last, lasts); !found.empty()) {
    for (const Key& k : schema())
      if (last_part(k.name) == found) return "did you mean `" + k.name + "`?";
  }
  return same.empty() ? "" : "did you mean " + join(same, " or ") + "?";
}

std::string key_reference() {
  std::string out, section;
  for (const Key& k : schema()) {
    if (const std::string s = k.name.substr(0, k.name.find('.'));
        s != section && k.name.find('.') != std::string::npos) {
      out += "\n" + s + (k.identity ? "" : "   (no part of a trial's identity)") + "\n";
      section = s;
    }
    const std::string standard = show(k.standard());
    std::string allowed = k.allowed();
    for (const std::string prefix : {"an ", "a ", "one of "})
      if (allowed.starts_with(prefix)) allowed.erase(0, prefix.size());
    out += "  " + k.name + ": " + (standard.empty() ? "\"\"" : standard) + "\n      " + k.help + "\n      " +
           allowed + "\n";
  }
  return out + "\n  model.transform.options.NAME\n      plug-in: passed to the transform\n      text\n";
}

}  // namespace tubal
