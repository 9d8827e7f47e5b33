// Truncation of the t-SVD: by tubal rank, by multirank, by one threshold, by energy.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "layers/lproduct/faces.hpp"
#include "layers/lproduct/matrix.hpp"

namespace tubal::lproduct {

namespace {

// The leading columns of every tube matrix: A[:, :s, :].
template <class T>
Tensor<T, 3> leading(const Tensor<T, 3>& A, std::size_t rows, std::size_t columns) {
  const std::size_t p = A.shape(2);
  Tensor<T, 3> y = Tensor<T, 3>::from_shape({rows, columns, p});
  for (std::size_t i = 0; i < rows; ++i)
    std::copy(&A(i, 0, 0), &A(i, 0, 0) + columns * p, y.data() + i * columns * p);
  return y;
}

template <class T>
Truncation<T> cut(const TransformPlan& L, const Tensor<T, 3>& A, Svd<T> f, std::vector<int> ranks) {
  const int r = *std::max_element(ranks.begin(), ranks.end());
  const std::size_t s = std::max(1, r);  // a tensor has at least one column, so rank 0 keeps a zero one
  Truncation<T> y;
  for (std::size_t k = 0; k < ranks.size(); ++k)
    for (std::size_t i = ranks[k]; i < f.singular_values.shape(1); ++i)
      y.discarded += (L.slices()[k].complex ? 2 : 1) * std::pow(double(f.singular_values(k, i)), 2);
  Faces<T> S;
  Tensor<T, 2> kept = Tensor<T, 2>::from_shape({ranks.size(), s});
  for (std::size_t k = 0; k < ranks.size(); ++k) {
    for (std::size_t i = 0; i < s; ++i) kept(k, i) = int(i) < ranks[k] ? f.singular_values(k, i) : T(0);
    const auto fill = [&](auto diagonal) {
      for (std::size_t i = 0; i < s; ++i) diagonal(i, i) = kept(k, i);
      return diagonal;
    };
    if (L.slices()[k].complex)
      S.complex.push_back(fill(unit<std::complex<T>>(s, s)));
    else
      S.real.push_back(fill(unit<T>(s, s)));
  }
  y.factors = {leading(f.U, A.shape(0), s), to_original(L, S), leading(f.V, A.shape(1), s), std::move(kept)};
  y.approximation = product(L, product(L, y.factors.U, y.factors.S), conjugate_transpose(L, y.factors.V));
  y.multirank = std::move(ranks);
  double sum = 0;
  for (std::size_t i = 0; i < A.size(); ++i)
    sum += std::pow(double(A.data()[i]) - y.approximation.data()[i], 2);
  y.error = std::sqrt(sum);
  return y;
}

template <class T>
std::vector<int> ranks_above(const Tensor<T, 2>& s, double threshold) {
  std::vector<int> ranks(s.shape(0), 0);
  for (std::size_t k = 0; k < s.shape(0); ++k)
    for (std::size_t i = 0; i < s.shape(1); ++i) ranks[k] += s(k, i) > threshold;
  return ranks;
}

}  // namespace

template <class T>
Truncation<T> truncate_multirank(const TransformPlan& L, const Tensor<T, 3>& A,
                                 const std::vector<int>& ranks) {
  const int most = int(std::min(A.shape(0), A.shape(1)));
  if (ranks.size() != L.slices().size())
    throw UsageError("a multirank of " + std::to_string(ranks.size()) + " numbers for a transform with " +
                     std::to_string(L.slices().size()) + " stored faces: give one rank a face");
  for (int r : ranks)
    if (r < 0 || r > most)
      throw UsageError("a face of a tensor of shape " + shape_text(A) + " cannot be cut to rank " +
                       std::to_string(r) + "; 0 to " + std::to_string(most) + " are allowed");
  return cut(L, A, tsvd(L, A), ranks);
}

template <class T>
Truncation<T> truncate_tubal_rank(const TransformPlan& L, const Tensor<T, 3>& A, int rank) {
  return truncate_multirank(L, A, std::vector<int>(L.slices().size(), rank));
}

template <class T>
Truncation<T> truncate_threshold(const TransformPlan& L, const Tensor<T, 3>& A, double threshold) {
  if (!(threshold >= 0)) throw UsageError("the threshold of a truncation must be a number of at least 0");
  Svd<T> f = tsvd(L, A);
  std::vector<int> ranks = ranks_above(f.singular_values, threshold);
  return cut(L, A, std::move(f), std::move(ranks));
}

template <class T>
Truncation<T> truncate_energy(const TransformPlan& L, const Tensor<T, 3>& A, double fraction) {
  if (!(fraction > 0 && fraction <= 1))
    throw UsageError("the fraction of energy that a truncation keeps must be above 0 and at most 1");
  Svd<T> f = tsvd(L, A);
  struct Value {
    double sigma;
    int bins;
  };
  std::vector<Value> values;
  for (std::size_t k = 0; k < f.singular_values.shape(0); ++k)
    for (std::size_t i = 0; i < f.singular_values.shape(1); ++i)
      values.push_back({double(f.singular_values(k, i)), L.slices()[k].complex ? 2 : 1});
  std::sort(values.begin(), values.end(), [](const Value& a, const Value& b) { return a.sigma > b.sigma; });
  const auto add = [](double sum, const Value& v) { return sum + v.bins * v.sigma * v.sigma; };
  const double total = std::accumulate(values.begin(), values.end(), 0.0, add);
  double kept = 0, threshold = 0;
  for (const Value& v : values) {
    threshold = v.sigma;
    kept = add(kept, v);
    if (kept >= fraction * total) break;
  }
  // Equal values stay or go together, so the result does not depend on their order.
  std::vector<int> ranks = ranks_above(f.singular_values, std::nextafter(threshold, 0.0));
  return cut(L, A, std::move(f), std::move(ranks));
}

#define TUBAL_INSTANTIATE(T)                                                                    \
  template Truncation<T> truncate_multirank(const TransformPlan&, const Tensor<T, 3>&,          \
                                            const std::vector<int>&);                           \
  template Truncation<T> truncate_tubal_rank(const TransformPlan&, const Tensor<T, 3>&, int);   \
  template Truncation<T> truncate_threshold(const TransformPlan&, const Tensor<T, 3>&, double); \
  template Truncation<T> truncate_energy(const TransformPlan&, const Tensor<T, 3>&, double);
TUBAL_INSTANTIATE(float)
TUBAL_INSTANTIATE(double)
#undef TUBAL_INSTANTIATE

}  // namespace tubal::lproduct
