// Feed-forward, on each slice alone: y = contract(act(expand(u))), or with a gated activation
// contract(act(gate(u)) * expand(u)); hidden width r m a slice. The activation acts in the spectral domain,
// or between L^-1 and L in the original one.
#pragma once
#include "layers/stack/sublayer.hpp"

namespace tubal {

std::unique_ptr<Sublayer> make_feed_forward(const Site& site);

}  // namespace tubal
