// Mixer: y[k] = sum_l R[k, l] x[l] over the stream's slices as they stand, R [p, p] learned, 0 at the start:
// the slices' own way of mixing, beside what norms and changes of L do.
#pragma once
#include "layers/stack/sublayer.hpp"

namespace tubal {

std::unique_ptr<Sublayer> make_mixer(const Site& site);

}  // namespace tubal
