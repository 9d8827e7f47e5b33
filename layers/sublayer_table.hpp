// The kinds of sub-layer that `model.stack` names, registered one line each like transforms.
#pragma once
#include <string>
#include <vector>

namespace tubal {

/// One line of the registration table.
struct SublayerEntry {
  std::string name;
  std::vector<std::string> keys;  // configuration keys that have no effect in a stack without it
};

const std::vector<SublayerEntry>& sublayer_table();

}  // namespace tubal
