// "p=4 transform=dct": a cell in words.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "experiments/config/key.hpp"

namespace tubal {

class Labels {
 public:
  /// Axes go by their axis_names(). Axes in `aside` are told only where their value is not that of `base`.
  Labels(const std::vector<std::string>& axes, const std::vector<std::string>& aside, const Settings& base);
  /// Values that have no effect in this cell are left out.
  std::string of(const Settings& cell) const;

 private:
  std::vector<std::pair<const Key*, std::string>> names_;
  std::map<const Key*, Value> usual_;
};

}  // namespace tubal
