// The control without any mixing of slices.
#include "transforms/plan.hpp"

namespace tubal {

std::unique_ptr<Transform> make_identity(const TransformSpec&) {
  return fixed_transform("identity", [](int p) {
    return orthogonal_parts(identity_matrix(static_cast<std::size_t>(p)), even_frequencies(p));
  });
}

}  // namespace tubal
