// Any invertible matrix, read from a file. It takes its own p, and p = 1 (the
// identity, as for all transforms).
#include "transforms/matrix.hpp"

#include <cmath>
#include <cstdio>
#include <limits>

#include "core/error.hpp"
#include "transforms/matrix_file.hpp"

namespace tubal {

double condition_number(const Matrix& F) {
  const Tensor<double, 1> s = singular_values(F);
  const double smallest = s(s.size() - 1);
  return smallest > 0 ? s(0) / smallest : std::numeric_limits<double>::infinity();
}

double orthogonal_scale(const Matrix& F) {
  const std::size_t p = F.shape(0);
  const Matrix G = product(transposed(F), F);
  double scale = 0;
  for (std::size_t i = 0; i < p; ++i) scale += G(i, i) / static_cast<double>(p);
  const double error = largest_difference(G, combination(scale, identity_matrix(p), 0, G));
  return error <= 4 * std::numeric_limits<double>::epsilon() * static_cast<double>(p) * scale ? scale : 0;
}

PlanParts matrix_parts(const std::string& origin, Matrix F, const std::vector<double>& frequency) {
  const std::size_t p = F.shape(0);
  const double condition = condition_number(F), allowed = 1e12;
  if (!(condition <= allowed)) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3g", condition);
    throw UsageError(origin, 0, "",
                     std::string("the matrix is singular or nearly so (condition ") + text +
                         "); a transform is invertible, with a condition of at most 1e12");
  }
  PlanParts parts = orthogonal_parts(F, frequency);
  parts.scale = orthogonal_scale(F);
  if (parts.scale > 0)
    parts.inverse = combination(1 / parts.scale, transposed(F), 0, F);
  else
    parts.inverse = inverse_matrix(F);
  if (p == 1 && F(0, 0) == 1) parts.scale = 1;
  return parts;
}

std::unique_ptr<Transform> make_matrix(const TransformSpec& spec) {
  if (spec.file.empty())
    throw UsageError("", 0, "model.transform.file",
                     "the transform `matrix` needs a file, such as {name: matrix, file: L.npy}; HDF5, NPY "
                     "and CSV are read");
  const auto read = std::make_shared<MatrixFile>(read_matrix_file(spec.file, spec.dataset));
  const int own = static_cast<int>(read->matrix.shape(0));
  if (read->frequency.empty()) read->frequency = even_frequencies(own);
  matrix_parts(spec.file, read->matrix, read->frequency);  // refuses a singular one before any plan
  return fixed_transform(
      "matrix",
      [read, file = spec.file](int p) {
        if (p == 1) return orthogonal_parts(identity_matrix(1), {0.0});
        return matrix_parts(file, read->matrix, read->frequency);
      },
      [own, file = spec.file](int p) -> std::optional<std::string> {
        if (p == own || p == 1) return std::nullopt;
        return "the matrix of " + file + " does not take p = " + std::to_string(p) + "; it is " +
               std::to_string(own) + " x " + std::to_string(own) + ", so p is " + std::to_string(own) +
               " (or 1, the identity)";
      });
}

}  // namespace tubal
