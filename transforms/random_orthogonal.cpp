// A seeded orthogonal matrix, uniform over all of them (Haar measure): Q of a Gaussian's QR with R's diagonal
// positive.
#include <cmath>

#include "transforms/plan.hpp"
#include "transforms/seeded.hpp"

namespace tubal {

// Q of A = Q R, R's diagonal positive: Gram and Schmidt on the columns, each run twice, which leaves Q
// orthogonal to eps.
static Matrix orthogonal_factor(Matrix A) {
  const std::size_t p = A.shape(0);
  for (std::size_t j = 0; j < p; ++j)
    for (int pass = 0; pass < 2; ++pass) {
      for (std::size_t i = 0; i < j; ++i) {
        double dot = 0;
        for (std::size_t r = 0; r < p; ++r) dot += A(r, i) * A(r, j);
        for (std::size_t r = 0; r < p; ++r) A(r, j) -= dot * A(r, i);
      }
      double square = 0;
      for (std::size_t r = 0; r < p; ++r) square += A(r, j) * A(r, j);
      for (std::size_t r = 0; r < p; ++r) A(r, j) /= std::sqrt(square);
    }
  return A;
}

std::unique_ptr<Transform> make_random_orthogonal(const TransformSpec& spec) {
  return fixed_transform("random_orthogonal", [seed = spec.seed](int p) {
    SeededNumbers random(seed, p);
    Matrix G = Matrix::from_shape({static_cast<std::size_t>(p), static_cast<std::size_t>(p)});
    for (std::size_t i = 0; i < G.size(); ++i) G.data()[i] = random.normal();
    return orthogonal_parts(p == 1 ? identity_matrix(1) : orthogonal_factor(std::move(G)),
                            even_frequencies(p));
  });
}

}  // namespace tubal
