// Initial parameters: the same numbers for the same (seed, parameter name), whatever else the model holds.
#pragma once
#include <cstdint>

#include "layers/model/structure.hpp"

namespace tubal {

/// Each parameter as it was declared (ParameterEntry::initial); learned transforms start at their own initial
/// parameters. `arena` [arena_size] is zero before; the numbers do not depend on `threads`.
template <class T>
void initialise(const Structure& s, std::uint64_t seed, T* arena, int threads);

}  // namespace tubal
