// Initial parameters: the same numbers for the same (seed, parameter name), whatever else the model holds.
#pragma once
#include <cstdint>

#include "layers/structure.hpp"

namespace tubal {

/// Token embedding N(0, embedding_std^2); maps uniform in +-sqrt(6 / (in + out)) (Glorot and Bengio 2010),
/// query, key and value seen as one map of 3m outputs, complex ones over sqrt(2); classifier uniform in
/// +-1/sqrt(d); learned positions N(0, 0.02^2); gains 1, biases 0; learned transforms start at their own
/// initial parameters. `arena` [arena_size] is zero before; the numbers do not depend on `threads`.
template <class T>
void initialise(const Structure& s, std::uint64_t seed, T* arena, int threads);

}  // namespace tubal
