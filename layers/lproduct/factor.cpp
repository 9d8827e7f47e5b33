// QR and t-SVD: one factorisation a stored face. The mirror of a complex face is its conjugate by
// construction, so the factors of a real tensor are real.
#include "layers/lproduct/faces.hpp"
#include "layers/lproduct/matrix.hpp"

namespace tubal::lproduct {

template <class T>
Qr<T> qr(const TransformPlan& L, const Tensor<T, 3>& A, Form form) {
  const Faces<T> faces = to_spectral(L, A);
  require_finite(L, faces);
  Faces<T> Q, R;
  for (const auto& a : faces.real) {
    MatrixQr<T> f = qr(a, form == Form::full);
    Q.real.push_back(std::move(f.Q));
    R.real.push_back(std::move(f.R));
  }
  for (const auto& a : faces.complex) {
    MatrixQr<std::complex<T>> f = qr(a, form == Form::full);
    Q.complex.push_back(std::move(f.Q));
    R.complex.push_back(std::move(f.R));
  }
  return {to_original(L, Q), to_original(L, R)};
}

template <class T>
Svd<T> tsvd(const TransformPlan& L, const Tensor<T, 3>& A, Form form) {
  const bool full = form == Form::full;
  const Faces<T> faces = to_spectral(L, A);
  require_finite(L, faces);
  const std::size_t s = std::min(A.shape(0), A.shape(1));
  Faces<T> U, S, V;
  Tensor<T, 2> values = Tensor<T, 2>::from_shape({faces.size(), s});
  std::size_t k = 0;
  const auto factor = [&](const auto& a, auto& u, auto& d, auto& v) {
    auto f = svd(a, full);
    auto diagonal =
        unit<typename std::decay_t<decltype(a)>::value_type>(full ? A.shape(0) : s, full ? A.shape(1) : s);
    for (std::size_t i = 0; i < s; ++i) diagonal(i, i) = values(k, i) = f.s[i];
    ++k;
    u.push_back(std::move(f.U));
    d.push_back(std::move(diagonal));
    v.push_back(std::move(f.V));
  };
  for (const auto& a : faces.real) factor(a, U.real, S.real, V.real);
  for (const auto& a : faces.complex) factor(a, U.complex, S.complex, V.complex);
  return {to_original(L, U), to_original(L, S), to_original(L, V), std::move(values)};
}

#define TUBAL_INSTANTIATE(T)                                          \
  template Qr<T> qr(const TransformPlan&, const Tensor<T, 3>&, Form); \
  template Svd<T> tsvd(const TransformPlan&, const Tensor<T, 3>&, Form);
TUBAL_INSTANTIATE(float)
TUBAL_INSTANTIATE(double)
#undef TUBAL_INSTANTIATE

}  // namespace tubal::lproduct
