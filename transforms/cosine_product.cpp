// Kernfeld, Kilmer and Aeron's transform, under which the L-product is their cosine product: L = W^-1 C (I +
// Z), C the orthonormal DCT-II, W the diagonal of its first column, Z the upper shift. Not orthogonal.
#include "transforms/cosine.hpp"

namespace tubal {

std::unique_ptr<Transform> make_cosine_product(const TransformSpec&) {
  return fixed_transform("cosine_product", [](int p) {
    const Matrix C = dct_matrix(p);
    PlanParts parts = orthogonal_parts(C, even_frequencies(p));
    Matrix &L = parts.forward, &I = parts.inverse;
    parts.scale = p == 1 ? 1 : 0;
    for (int k = 0; k < p; ++k)
      for (int l = 0; l < p; ++l) L(k, l) = (C(k, l) + (l ? C(k, l - 1) : 0.0)) / C(k, 0);
    // L^-1 = (I + Z)^-1 C^T W, and (I + Z)^-1 [i,j] = (-1)^(j-i) for j >= i:
    // row i = row i of C^T W minus row i+1.
    for (int k = 0; k < p; ++k)
      for (int i = p - 1; i >= 0; --i) I(i, k) = C(k, i) * C(k, 0) - (i + 1 < p ? I(i + 1, k) : 0.0);
    return parts;
  });
}

}  // namespace tubal
