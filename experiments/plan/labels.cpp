#include "experiments/plan/labels.hpp"

#include <algorithm>

#include "core/axis_names.hpp"
#include "experiments/config/schema.hpp"
#include "experiments/config/unused.hpp"

namespace tubal {

Labels::Labels(const std::vector<std::string>& axes, const std::vector<std::string>& aside,
               const Settings& base) {
  for (const std::string& axis : aside) usual_.emplace(find_key(axis), find_key(axis)->get(base));
  const std::vector<std::string> names = axis_names(axes);
  for (std::size_t i = 0; i < axes.size(); ++i) names_.emplace_back(find_key(axes[i]), names[i]);
}

std::string Labels::of(const Settings& cell) const {
  const std::vector<std::string> idle = idle_keys(cell.trial);
  std::string label;
  for (const auto& [key, name] : names_) {
    if (std::find(idle.begin(), idle.end(), key->name) != idle.end()) continue;
    const auto usual = usual_.find(key);
    if (usual != usual_.end() && usual->second == key->get(cell)) continue;
    label += (label.empty() ? "" : " ") + name + "=" + show(key->get(cell));
  }
  return label;
}

}  // namespace tubal
