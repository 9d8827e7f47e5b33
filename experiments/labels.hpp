// "p=4 transform=dct": a cell in words.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "experiments/schema.hpp"

namespace tubal {

class Labels {
 public:
  /// Each axis gets its shortest ending that no other axis shares.
  explicit Labels(const std::vector<std::string>& axes);
  /// Values that have no effect in this cell are left out.
  std::string of(const Settings& cell) const;

 private:
  std::vector<std::pair<const Key*, std::string>> names_;
};

}  // namespace tubal
