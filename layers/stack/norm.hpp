// Norms: N(x) over segments of a row [d], a slice each or all of it, with a gain for every number.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "layers/choices.hpp"
#include "layers/stack/parameters.hpp"
#include "layers/stack/products.hpp"

namespace tubal {

/// What a norm runs over: segment s of a row is begin[s] .. begin[s+1]. Its parameters have one shape, or two
/// where complex slices have their own, [real slices, m] and [complex slices, 2, m].
struct NormSegments {
  std::vector<std::size_t> begin;
  std::vector<std::size_t> shape, complex_shape;
  std::size_t count() const { return begin.size() - 1; }
  std::size_t width() const { return begin.back(); }
};

/// Rows at a time: the encoder runs a norm between neighbours while the rows are in the first-level cache.
class Norm {
 public:
  virtual ~Norm() = default;
  /// Normalised numbers n [rows, d], kept for the backward pass; y = n * gain (+ bias), y may be x; and
  /// rstd [rows, segments], what each segment was divided by, inverted.
  virtual void forward(Weights<float> w, const float* x, float* n, float* y, float* rstd,
                       std::size_t rows) const = 0;
  virtual void forward(Weights<double> w, const double* x, double* n, double* y, double* rstd,
                       std::size_t rows) const = 0;
  /// dx from dy (may be dy), the own parameters' gradient added to.
  virtual void backward(Weights<float> w, const float* dy, const float* n, const float* rstd, float* dx,
                        float* gradient, std::size_t rows) const = 0;
  virtual void backward(Weights<double> w, const double* dy, const double* n, const double* rstd, double* dx,
                        double* gradient, std::size_t rows) const = 0;
  /// y again, from n.
  virtual void output(Weights<float> w, const float* n, float* y, std::size_t rows) const = 0;
  virtual void output(Weights<double> w, const double* n, double* y, std::size_t rows) const = 0;
  /// Place of the gain [d] in its parameters.
  virtual std::size_t gain() const = 0;
};

/// A norm whose member templates run for both types: forward_rows, backward_rows, output_rows.
template <class Self>
class TypedNorm : public Norm {
 public:
#define TUBAL_NORM(T)                                                                                       \
  void forward(Weights<T> w, const T* x, T* n, T* y, T* rstd, std::size_t rows) const final {               \
    self().forward_rows(w, x, n, y, rstd, rows);                                                            \
  }                                                                                                         \
  void backward(Weights<T> w, const T* dy, const T* n, const T* rstd, T* dx, T* gradient, std::size_t rows) \
      const final {                                                                                         \
    self().backward_rows(w, dy, n, rstd, dx, gradient, rows);                                               \
  }                                                                                                         \
  void output(Weights<T> w, const T* n, T* y, std::size_t rows) const final {                               \
    self().output_rows(w, n, y, rows);                                                                      \
  }
  TUBAL_NORM(float)
  TUBAL_NORM(double)
#undef TUBAL_NORM

 private:
  const Self& self() const { return static_cast<const Self&>(*this); }
};

std::unique_ptr<Norm> make_layer_norm(ParameterList& list, const std::string& name,
                                      const NormSegments& segments);
std::unique_ptr<Norm> make_rms_norm(ParameterList& list, const std::string& name,
                                    const NormSegments& segments);

/// Declares `name`.gain or .bias [d]; returns its place.
std::size_t norm_parameter(ParameterList& list, const std::string& name, const NormSegments& segments,
                           double start);

}  // namespace tubal
