// Norms, and the ranks that singular values give.
#include <algorithm>
#include <cmath>
#include <limits>

#include "layers/lproduct/faces.hpp"
#include "layers/lproduct/matrix.hpp"

namespace tubal::lproduct {

namespace {

double scale(const TransformPlan& L, const char* what) {
  if (L.scale() > 0) return L.scale();
  throw UsageError(
      std::string(what) +
      " is defined for a transform with L^H L = l I; this one has no such scale (use an orthogonal or "
      "unitary L, or the singular values of the faces as tsvd gives them)");
}

// f(singular values, place of the face, 1 or 2 bins).
template <class T, class F>
void each_spectrum(const TransformPlan& L, const Tensor<T, 3>& A, F f) {
  const Faces<T> faces = to_spectral(L, A);
  require_finite(L, faces);
  each(faces, [&](const auto& a, std::size_t k, int bins) { f(singular_values(a), k, bins); });
}

}  // namespace

template <class T>
double frobenius_norm(const Tensor<T, 3>& A) {
  double sum = 0;
  for (T v : A) sum += double(v) * double(v);
  return std::sqrt(sum);
}

template <class T>
double energy(const Faces<T>& A) {
  double sum = 0;
  each(A, [&](const auto& a, std::size_t, int bins) {
    for (const auto& v : a) sum += bins * double(std::norm(v));
  });
  return sum;
}

template <class T>
double spectral_norm(const TransformPlan& L, const Tensor<T, 3>& A) {
  scale(L, "the spectral norm");
  double largest = 0;
  each_spectrum(L, A,
                [&](const auto& s, std::size_t, int) { largest = std::max(largest, double(s.front())); });
  return largest;
}

template <class T>
double nuclear_norm(const TransformPlan& L, const Tensor<T, 3>& A) {
  const double l = scale(L, "the nuclear norm");
  double sum = 0;
  each_spectrum(L, A, [&](const auto& s, std::size_t, int bins) {
    for (T v : s) sum += bins * double(v);
  });
  return sum / l;
}

template <class T>
std::vector<int> multirank(const TransformPlan& L, const Tensor<T, 3>& A, double tolerance) {
  if (tolerance == 0)
    tolerance = std::numeric_limits<T>::epsilon() * double(std::max(A.shape(0), A.shape(1)));
  std::vector<std::vector<T>> spectra;
  double largest = 0;
  each_spectrum(L, A, [&](const auto& s, std::size_t, int) {
    spectra.push_back(s);
    largest = std::max(largest, double(s.front()));
  });
  std::vector<int> ranks;
  for (const std::vector<T>& s : spectra)
    ranks.push_back(int(std::count_if(s.begin(), s.end(), [&](T v) { return v > tolerance * largest; })));
  return ranks;
}

template <class T>
int tubal_rank(const TransformPlan& L, const Tensor<T, 3>& A, double tolerance) {
  const std::vector<int> ranks = multirank(L, A, tolerance);
  return *std::max_element(ranks.begin(), ranks.end());
}

#define TUBAL_INSTANTIATE(T)                                                              \
  template double frobenius_norm(const Tensor<T, 3>&);                                    \
  template double energy(const Faces<T>&);                                                \
  template double spectral_norm(const TransformPlan&, const Tensor<T, 3>&);               \
  template double nuclear_norm(const TransformPlan&, const Tensor<T, 3>&);                \
  template std::vector<int> multirank(const TransformPlan&, const Tensor<T, 3>&, double); \
  template int tubal_rank(const TransformPlan&, const Tensor<T, 3>&, double);
TUBAL_INSTANTIATE(float)
TUBAL_INSTANTIATE(double)
#undef TUBAL_INSTANTIATE

}  // namespace tubal::lproduct
