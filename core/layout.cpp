#include "core/layout.hpp"

#include <algorithm>

namespace tubal::layout {

std::vector<std::string> StudyFolder::trial_ids() const {
  std::vector<std::string> ids;
  std::error_code none;
  for (fs::directory_iterator i(trials(), none), end; i != end; i.increment(none)) {
    const std::string name = i->path().filename().string();
    if (name[0] != '.' && i->is_directory(none)) ids.push_back(name);
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace tubal::layout
