// Attention, on each slice alone: q, k, v = maps of u; in each head of width e O = softmax(q k^T / sqrt(e)) v
// over the sequence's own tokens (language models: those up to the query's); y = map of all heads' O. With
// rotary positions q and k turn first (rotary.hpp).
#pragma once
#include "layers/stack/sublayer.hpp"

namespace tubal {

std::unique_ptr<Sublayer> make_attention(const Site& site);

}  // namespace tubal
