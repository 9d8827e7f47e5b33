// Between a tensor and its spectral faces.
#include "layers/lproduct/faces.hpp"

#include <cmath>

#include "layers/lproduct/matrix.hpp"

namespace tubal::lproduct {

namespace {

// Works on slices first, [p, rows*columns], the plan's [T, p, m] with T = 1: each face is then contiguous.
template <class T>
void check(const TransformPlan& L, const Tensor<T, 3>& A) {
  if (A.size() == 0)
    throw UsageError("a tensor of the L-product is empty: its shape is " + shape_text(A) +
                     "; every side must be at least 1");
  if (int(A.shape(2)) != L.p())
    throw UsageError("the tubes of a tensor of shape " + shape_text(A) + " have length " +
                     std::to_string(A.shape(2)) + ", but the transform was planned for p = " +
                     std::to_string(L.p()) + "; the shape is [rows, columns, p]");
}

}  // namespace

template <class T>
Faces<T> to_spectral(const TransformPlan& L, const Tensor<T, 3>& A) {
  check(L, A);
  const std::size_t rows = A.shape(0), columns = A.shape(1), n = rows * columns;
  const Tensor<T, 3> x = xt::transpose(A, {2, 0, 1});
  Tensor<T, 3> y = Tensor<T, 3>::from_shape(x.shape());
  L.forward(x.data(), y.data(), 1, n);
  Faces<T> faces;
  const T* row = y.data();
  for (const Slice& slice : L.slices()) {
    if (slice.complex) {
      Tensor<std::complex<T>, 2> a = Tensor<std::complex<T>, 2>::from_shape({rows, columns});
      for (std::size_t i = 0; i < n; ++i) a.data()[i] = {row[i], row[n + i]};
      faces.complex.push_back(std::move(a));
    } else {
      Tensor<T, 2> a = Tensor<T, 2>::from_shape({rows, columns});
      std::copy(row, row + n, a.data());
      faces.real.push_back(std::move(a));
    }
    row += slice.complex ? 2 * n : n;
  }
  return faces;
}

template <class T>
Tensor<T, 3> to_original(const TransformPlan& L, const Faces<T>& A) {
  std::size_t real = 0, rows = 0, columns = 0;
  for (const Slice& slice : L.slices()) real += !slice.complex;
  if (A.real.size() != real || A.size() != L.slices().size())
    throw UsageError("the transform has " + std::to_string(real) + " real and " +
                     std::to_string(L.slices().size() - real) + " complex faces, but " +
                     std::to_string(A.real.size()) + " and " + std::to_string(A.complex.size()) +
                     " are given");
  each(A, [&](const auto& a, std::size_t k, int) {
    if (k == 0) {
      rows = a.shape(0);
      columns = a.shape(1);
    }
    if (a.size() == 0 || a.shape(0) != rows || a.shape(1) != columns)
      throw UsageError(face_text(L, k) + " has shape " + shape_text(a) + ", unlike the first one or empty");
  });
  const std::size_t p = L.p(), n = rows * columns;
  Tensor<T, 3> x = Tensor<T, 3>::from_shape({p, rows, columns}), y = x;
  T* row = y.data();
  for (const auto& a : A.real) row = std::copy(a.data(), a.data() + n, row);
  for (const auto& a : A.complex) {
    for (std::size_t i = 0; i < n; ++i) {
      row[i] = a.data()[i].real();
      row[n + i] = a.data()[i].imag();
    }
    row += 2 * n;
  }
  L.inverse(y.data(), x.data(), 1, n);
  return xt::transpose(x, {1, 2, 0});
}

template <class T>
Faces<T> facewise_product(const Faces<T>& A, const Faces<T>& B) {
  if (A.real.size() != B.real.size() || A.complex.size() != B.complex.size())
    throw UsageError("a face-wise product of stacks with " + std::to_string(A.size()) + " and " +
                     std::to_string(B.size()) + " faces: both must come from one transform");
  return map(A, B, [](const auto& a, const auto& b) {
    if (a.shape(1) != b.shape(0))
      throw UsageError("a product of faces " + shape_text(a) + " and " + shape_text(b) +
                       ": the columns of the first must be the rows of the second");
    return multiply(a, b);
  });
}

template <class T>
void require_finite(const TransformPlan& L, const Faces<T>& A) {
  each(A, [&](const auto& a, std::size_t k, int) {
    for (const auto& v : a)
      if (!std::isfinite(std::real(v)) || !std::isfinite(std::imag(v)))
        throw UsageError(face_text(L, k) + " holds a NaN or an infinity, so it has no factorisation");
  });
}

#define TUBAL_INSTANTIATE(T)                                                \
  template Faces<T> to_spectral(const TransformPlan&, const Tensor<T, 3>&); \
  template Tensor<T, 3> to_original(const TransformPlan&, const Faces<T>&); \
  template Faces<T> facewise_product(const Faces<T>&, const Faces<T>&);     \
  template void require_finite(const TransformPlan&, const Faces<T>&);
TUBAL_INSTANTIATE(float)
TUBAL_INSTANTIATE(double)
#undef TUBAL_INSTANTIATE

}  // namespace tubal::lproduct
