// Orthonormal DCT-II: L[k,l] = c_k sqrt(2/p) cos(pi (2l+1) k / (2p)), c_0 = 1/sqrt(2).
#include "transforms/cosine.hpp"
#include "transforms/fast.hpp"

#include <cmath>
#include <numbers>

namespace tubal {

Matrix dct_matrix(int p) {
  Matrix L = Matrix::from_shape({static_cast<std::size_t>(p), static_cast<std::size_t>(p)});
  for (int k = 0; k < p; ++k)
    for (int l = 0; l < p; ++l) {
      // The angle modulo 2 pi, in exact arithmetic: (2l+1) k mod 4p.
      const long long turn = (2LL * l + 1) * k % (4LL * p);
      L(k, l) =
          std::sqrt((k ? 2.0 : 1.0) / p) * std::cos(std::numbers::pi * static_cast<double>(turn) / (2.0 * p));
    }
  return L;
}

std::unique_ptr<Transform> make_dct(const TransformSpec&) {
  return fixed_transform("dct", [](int p) {
    PlanParts parts = orthogonal_parts(dct_matrix(p), even_frequencies(p));
    add_fast_scheme("dct", parts);
    return parts;
  });
}

}  // namespace tubal
