#include "experiments/plan/labels.hpp"

#include <algorithm>

#include "experiments/config/schema.hpp"
#include "experiments/config/unused.hpp"

namespace tubal {

// The last `parts` parts of a dotted name.
static std::string ending(const std::string& name, int parts) {
  std::size_t at = name.size();
  while (parts-- > 0 && at != std::string::npos && at > 0) at = name.rfind('.', at - 1);
  return at == std::string::npos || at == 0 ? name : name.substr(at + 1);
}

Labels::Labels(const std::vector<std::string>& axes, const std::vector<std::string>& aside,
               const Settings& base) {
  for (const std::string& axis : aside) usual_.emplace(find_key(axis), find_key(axis)->get(base));
  for (const std::string& axis : axes) {
    const std::string last = ending(axis, 1);
    const bool vague = last == "kind" || last == "at" || last == "name" || last == "domain" ||
                       last == "seed" || last == "values";
    int parts = vague ? 2 : 1;
    const auto shared = [&] {
      return std::any_of(axes.begin(), axes.end(), [&](const std::string& other) {
        return other != axis && ending(other, parts) == ending(axis, parts);
      });
    };
    while (shared() && parts < 6) ++parts;
    names_.emplace_back(find_key(axis), ending(axis, parts));
  }
}

std::string Labels::of(const Settings& cell) const {
  const std::vector<std::string> idle = unused_keys(cell.trial);
  std::string label;
  for (const auto& [key, name] : names_) {
    const bool both =
        key->name == "model.heads" || key->name == "model.heads_per_slice";  // one follows from the other
    if (!both && std::find(idle.begin(), idle.end(), key->name) != idle.end()) continue;
    const auto usual = usual_.find(key);
    if (usual != usual_.end() && usual->second == key->get(cell)) continue;
    label += (label.empty() ? "" : " ") + name + "=" + show(key->get(cell));
  }
  return label;
}

}  // namespace tubal
