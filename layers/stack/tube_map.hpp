// A map along the tubes of rows [p, w], as the engine applies it: absent (the identity), a p x p product, or
// L or L^-1 by the plan's own scheme where that is the faster one.
#pragma once
#include <cstddef>
#include <vector>

#include "transforms/transform.hpp"

namespace tubal {

template <class T>
class TubeMap {
 public:
  TubeMap() = default;
  /// `matrix` [p, p] row-major in float64.
  TubeMap(std::size_t p, const double* matrix);
  /// L itself, or its inverse; the plan must outlive the map.
  TubeMap(const TransformPlan& plan, bool inverse);

  bool present() const { return p_ > 0; }
  /// y = M x and x's gradient M^T dy, rows [p, w]; x and y apart. Absent: a copy.
  void forward(const T* x, T* y, std::size_t p, std::size_t w, std::size_t rows) const;
  void adjoint(const T* dy, T* dx, std::size_t p, std::size_t w, std::size_t rows) const;
  /// What runs on slices of w numbers, for people; "" where the map is absent.
  std::string description(std::size_t w) const;

 private:
  bool by_plan(std::size_t w) const { return plan_ && plan_->own_scheme_is_faster(w, sizeof(T)); }

  std::size_t p_ = 0;
  std::vector<T> matrix_, transposed_;
  const TransformPlan* plan_ = nullptr;
  bool inverse_ = false;
};

/// dM += sum over rows and columns of dy x^T, [p, p] in float64.
template <class T>
void add_tube_gradient(const T* dy, const T* x, double* dM, std::size_t p, std::size_t w, std::size_t rows);

}  // namespace tubal
