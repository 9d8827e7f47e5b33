// What the L-product's sources share: doing one thing to every face, and the two scalar types as a list.
#pragma once
#include <string>

#include "core/error.hpp"
#include "layers/lproduct/lproduct.hpp"

namespace tubal::lproduct {

/// f on every face (or on every pair of faces of two stacks with equal numbers of each kind).
template <class T, class F>
Faces<T> map(const Faces<T>& A, F f) {
  Faces<T> y;
  for (const auto& a : A.real) y.real.push_back(f(a));
  for (const auto& a : A.complex) y.complex.push_back(f(a));
  return y;
}
template <class T, class F>
Faces<T> map(const Faces<T>& A, const Faces<T>& B, F f) {
  Faces<T> y;
  for (std::size_t k = 0; k < A.real.size(); ++k) y.real.push_back(f(A.real[k], B.real[k]));
  for (std::size_t k = 0; k < A.complex.size(); ++k) y.complex.push_back(f(A.complex[k], B.complex[k]));
  return y;
}

/// f(face, its place in L.slices(), 1 or 2 bins that it stands for).
template <class T, class F>
void each(const Faces<T>& A, F f) {
  std::size_t k = 0;
  for (const auto& a : A.real) f(a, k++, 1);
  for (const auto& a : A.complex) f(a, k++, 2);
}

/// "[2, 3, 4]" for messages.
template <class T, std::size_t N>
std::string shape_text(const Tensor<T, N>& A) {
  std::string text;
  for (std::size_t n : A.shape()) {
    text += text.empty() ? "[" : ", ";
    text += std::to_string(n);
  }
  return text + "]";
}

/// "face 2 (bin 1)" for messages.
inline std::string face_text(const TransformPlan& L, std::size_t k) {
  return "face " + std::to_string(k) + " (bin " + std::to_string(L.slices()[k].bin) + ")";
}

/// UsageError unless every entry of A is finite.
template <class T>
void require_finite(const TransformPlan& L, const Faces<T>& A);

}  // namespace tubal::lproduct
