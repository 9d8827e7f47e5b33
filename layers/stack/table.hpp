// What the stack is made of, by name: one line a sub-layer, norm, position and head.
#pragma once
#include "layers/stack/head.hpp"
#include "layers/stack/norm.hpp"
#include "layers/stack/position.hpp"
#include "layers/stack/sublayer.hpp"

namespace tubal {

struct SublayerEntry {
  std::string name;
  std::vector<std::string> keys;  // configuration keys that have no effect in a stack without it
  std::unique_ptr<Sublayer> (*make)(const Site& site);
};
const std::vector<SublayerEntry>& sublayer_table();

std::unique_ptr<Sublayer> make_sublayer(const std::string& kind, const Site& site);
std::unique_ptr<Norm> make_norm(NormKind kind, ParameterList& list, const std::string& name,
                                const NormSegments& segments);
std::unique_ptr<Position> make_position(PositionKind kind, const PositionSite& site);
std::unique_ptr<Head> make_head(Task task, const HeadSite& site);

}  // namespace tubal
