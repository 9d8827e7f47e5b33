#include "layers/sublayer_table.hpp"

namespace tubal {

const std::vector<SublayerEntry>& sublayer_table() {
  static const std::vector<SublayerEntry> table = {
      {"attention", {"model.heads", "model.heads_per_slice", "model.attention_bias"}},
      {"feed_forward", {"model.feed_forward", "model.activation", "model.activation_domain"}},
      {"mixer", {}},
  };
  return table;
}

}  // namespace tubal
