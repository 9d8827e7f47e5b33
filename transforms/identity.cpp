// The control without any mixing of slices.
#include <numeric>

#include "transforms/fast.hpp"
#include "transforms/plan.hpp"

namespace tubal {

std::unique_ptr<Transform> make_identity(const TransformSpec&) {
  return fixed_transform("identity", [](int p) {
    PlanParts parts = orthogonal_parts(identity_matrix(static_cast<std::size_t>(p)), even_frequencies(p));
    std::vector<int> rows(p);
    std::iota(rows.begin(), rows.end(), 0);
    parts.scheme = row_moves(std::move(rows));
    return parts;
  });
}

}  // namespace tubal
