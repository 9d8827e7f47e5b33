// A seeded orthogonal matrix, uniform over all of them (Haar measure):
// Q of a Gaussian's QR with R's diagonal positive.
#include "transforms/plan.hpp"
#include "transforms/seeded.hpp"

namespace tubal {

std::unique_ptr<Transform> make_random_orthogonal(const TransformSpec& spec) {
  return fixed_transform("random_orthogonal", [seed = spec.seed](int p) {
    SeededNumbers random(seed, p);
    Matrix G = Matrix::from_shape({static_cast<std::size_t>(p), static_cast<std::size_t>(p)});
    for (std::size_t i = 0; i < G.size(); ++i) G.data()[i] = random.normal();
    return orthogonal_parts(p == 1 ? identity_matrix(1) : orthogonal_factor(G), even_frequencies(p));
  });
}

}  // namespace tubal
