// How a plan applies its matrix: the p x p product, or something faster for its structure.
#pragma once
#include <memory>
#include <string>

#include "transforms/dense.hpp"

namespace tubal {

/// The four maps of a plan: F, F^-1, F^T, F^-T.
enum class Map { forward, inverse, forward_adjoint, inverse_adjoint };

/// Applies y = map(x) along the tubes of x [T, p, m], contiguous, x and y apart.
/// Immutable, safe between threads.
class Algorithm {
 public:
  virtual ~Algorithm() = default;
  /// For people: "p x p product", "fftw r2r", "plane rotations", ...
  virtual std::string name() const = 0;
  virtual void apply(Map map, const float* x, float* y, std::size_t T, std::size_t m) const = 0;
  virtual void apply(Map map, const double* x, double* y, std::size_t T, std::size_t m) const = 0;
};

/// An algorithm whose member template run(map, x, y, T, m) serves both types.
template <class Self>
class TypedAlgorithm : public Algorithm {
 public:
  void apply(Map map, const float* x, float* y, std::size_t T, std::size_t m) const final {
    static_cast<const Self*>(this)->run(map, x, y, T, m);
  }
  void apply(Map map, const double* x, double* y, std::size_t T, std::size_t m) const final {
    static_cast<const Self*>(this)->run(map, x, y, T, m);
  }
};

/// The product with F [p, p] or its inverse I by the kernels' `tube`: p^2 m multiplications a token.
std::unique_ptr<Algorithm> matrix_algorithm(const Matrix& F, const Matrix& I);

}  // namespace tubal
