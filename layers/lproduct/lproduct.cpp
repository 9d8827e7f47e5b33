// Product, identity, transpose, inverse and orthogonality: each is the face-wise one, taken back by L^-1.
#include "layers/lproduct/lproduct.hpp"

#include <cmath>
#include <limits>
#include <sstream>

#include "layers/lproduct/faces.hpp"
#include "layers/lproduct/matrix.hpp"

namespace tubal::lproduct {

namespace {

template <class T, std::size_t N>
void require_square(const Tensor<T, N>& A, const char* what) {
  if (A.shape(0) != A.shape(1))
    throw UsageError(std::string(what) + " needs as many rows as columns; the tensor has shape " +
                     shape_text(A));
}

template <class T>
Tensor<T, 3> member(const Tensor<T, 4>& A, std::size_t b) {
  Tensor<T, 3> y = Tensor<T, 3>::from_shape({A.shape(1), A.shape(2), A.shape(3)});
  std::copy(A.data() + b * y.size(), A.data() + (b + 1) * y.size(), y.data());
  return y;
}

}  // namespace

template <class T>
Tensor<T, 3> product(const TransformPlan& L, const Tensor<T, 3>& A, const Tensor<T, 3>& B) {
  if (A.shape(1) != B.shape(0))
    throw UsageError(
        "an L-product of tensors " + shape_text(A) + " and " + shape_text(B) +
        ": the columns of the first must be the rows of the second (shapes are [rows, columns, p])");
  return to_original(L, facewise_product(to_spectral(L, A), to_spectral(L, B)));
}

template <class T>
Tensor<T, 4> product(const TransformPlan& L, const Tensor<T, 4>& A, const Tensor<T, 4>& B) {
  const std::size_t a = A.shape(0), b = B.shape(0), n = a == 1 ? b : a;
  if (a == 0 || b == 0 || (a != b && a != 1 && b != 1))
    throw UsageError("an L-product of batches " + shape_text(A) + " and " + shape_text(B) +
                     ": the first sides must be equal, or one of them 1");
  Tensor<T, 4> y = Tensor<T, 4>::from_shape({n, A.shape(1), B.shape(2), A.shape(3)});
  for (std::size_t i = 0; i < n; ++i) {
    const Tensor<T, 3> C = product(L, member(A, a == 1 ? 0 : i), member(B, b == 1 ? 0 : i));
    std::copy(C.begin(), C.end(), y.data() + i * C.size());
  }
  return y;
}

template <class T>
Tensor<T, 3> identity(const TransformPlan& L, std::size_t n) {
  Faces<T> faces;
  for (const Slice& slice : L.slices()) {
    if (slice.complex)
      faces.complex.push_back(unit<std::complex<T>>(n, n));
    else
      faces.real.push_back(unit<T>(n, n));
  }
  return to_original(L, faces);
}

template <class T>
Tensor<T, 3> conjugate_transpose(const TransformPlan& L, const Tensor<T, 3>& A) {
  return to_original(L, map(to_spectral(L, A), [](const auto& a) { return adjoint(a); }));
}

template <class T>
Tensor<T, 3> inverse(const TransformPlan& L, const Tensor<T, 3>& A) {
  require_square(A, "an L-inverse");
  const Faces<T> faces = to_spectral(L, A);
  require_finite(L, faces);
  each(faces, [&](const auto& a, std::size_t k, int) {
    const auto s = singular_values(a);
    if (s.back() > double(s.size()) * std::numeric_limits<T>::epsilon() * s.front()) return;
    std::ostringstream text;
    text << face_text(L, k) << " is singular to working precision: its singular values run from " << s.front()
         << " to " << s.back() << ", so the tensor has no L-inverse";
    throw UsageError(text.str());
  });
  return to_original(L, map(faces, [](const auto& a) { return invert(a); }));
}

template <class T>
double orthogonality_error(const TransformPlan& L, const Tensor<T, 3>& Q) {
  double worst = 0;
  each(to_spectral(L, Q), [&](const auto& q, std::size_t, int) {
    const auto g = multiply(adjoint(q), q);
    for (std::size_t i = 0; i < g.shape(0); ++i)
      for (std::size_t j = 0; j < g.shape(1); ++j) {
        const double e = std::abs(g(i, j) - RealOf<T>(i == j));
        if (!(e <= worst)) worst = e;  // a NaN stays: nothing is <= NaN, so later entries cannot hide it
        if (std::isnan(worst)) return;
      }
  });
  return worst;
}

template <class T>
bool is_orthogonal(const TransformPlan& L, const Tensor<T, 3>& Q, double tolerance) {
  if (tolerance == 0) tolerance = std::is_same_v<T, float> ? 1e-4 : 1e-10;
  return Q.shape(0) == Q.shape(1) && orthogonality_error(L, Q) <= tolerance;
}

#define TUBAL_INSTANTIATE(T)                                                                     \
  template Tensor<T, 3> product(const TransformPlan&, const Tensor<T, 3>&, const Tensor<T, 3>&); \
  template Tensor<T, 4> product(const TransformPlan&, const Tensor<T, 4>&, const Tensor<T, 4>&); \
  template Tensor<T, 3> identity(const TransformPlan&, std::size_t);                             \
  template Tensor<T, 3> conjugate_transpose(const TransformPlan&, const Tensor<T, 3>&);          \
  template Tensor<T, 3> inverse(const TransformPlan&, const Tensor<T, 3>&);                      \
  template double orthogonality_error(const TransformPlan&, const Tensor<T, 3>&);                \
  template bool is_orthogonal(const TransformPlan&, const Tensor<T, 3>&, double);
TUBAL_INSTANTIATE(float)
TUBAL_INSTANTIATE(double)
#undef TUBAL_INSTANTIATE

}  // namespace tubal::lproduct
