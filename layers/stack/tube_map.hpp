// A p x p map along the tubes of rows [p, w], as the engine applies it: absent (the identity), or a product.
#pragma once
#include <cstddef>
#include <vector>

namespace tubal {

template <class T>
class TubeMap {
 public:
  TubeMap() = default;
  /// `matrix` [p, p] row-major in float64.
  TubeMap(std::size_t p, const double* matrix);

  bool present() const { return p_ > 0; }
  /// y = M x and x's gradient M^T dy, rows [p, w]; x and y apart. Absent: a copy.
  void forward(const T* x, T* y, std::size_t p, std::size_t w, std::size_t rows) const;
  void adjoint(const T* dy, T* dx, std::size_t p, std::size_t w, std::size_t rows) const;

 private:
  std::size_t p_ = 0;
  std::vector<T> matrix_, transposed_;
};

/// dM += sum over rows and columns of dy x^T, [p, p] in float64.
template <class T>
void add_tube_gradient(const T* dy, const T* x, double* dM, std::size_t p, std::size_t w, std::size_t rows);

}  // namespace tubal
