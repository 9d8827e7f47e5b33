// A seeded permutation of the slices: a control that moves tubes without mixing them.
#include <numeric>

#include "transforms/fast.hpp"
#include "transforms/plan.hpp"
#include "transforms/seeded.hpp"

namespace tubal {

std::unique_ptr<Transform> make_permutation(const TransformSpec& spec) {
  return fixed_transform("permutation", [seed = spec.seed](int p) {
    SeededNumbers random(seed, p);
    std::vector<int> from(p);
    std::iota(from.begin(), from.end(), 0);
    for (int i = p - 1; i > 0; --i) std::swap(from[i], from[random.below(i + 1)]);  // Fisher and Yates
    Matrix L = Matrix::from_shape({static_cast<std::size_t>(p), static_cast<std::size_t>(p)});
    L.fill(0.0);
    for (int k = 0; k < p; ++k) L(k, from[k]) = 1;
    PlanParts parts = orthogonal_parts(std::move(L), even_frequencies(p));
    parts.scheme = row_moves(std::move(from));
    return parts;
  });
}

}  // namespace tubal
