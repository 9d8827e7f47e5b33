#pragma once
#include "transforms/plan.hpp"

namespace tubal {

/// The orthonormal DCT-II matrix [p, p], which cosine_product is made of too.
Matrix dct_matrix(int p);

}  // namespace tubal
