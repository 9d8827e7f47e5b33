// The groups of laws that laws.cpp puts together, one source each.
#pragma once
#include <cmath>

#include "transforms/algorithm.hpp"
#include "transforms/laws.hpp"
#include "transforms/seeded.hpp"

namespace tubal {

/// Collects laws at one p; of several figures for one law the worst stays (error /
/// bound largest, NaN above all).
class LawTable {
 public:
  explicit LawTable(int p) : p_(p) {}
  void note(const std::string& law, double error, double bound) { note({law, error, bound, p_}); }
  void note(const Law& law);
  std::vector<Law> laws;

 private:
  int p_;
};

/// map(x) of x [tokens, p, m], with guards behind input and output: what is written elsewhere breaks a law.
template <class T>
std::vector<T> apply_guarded(LawTable& table, const TransformPlan& L, Map map, const std::vector<T>& x,
                             std::size_t tokens, std::size_t m);

/// Round trips, linearity, adjoints, agreement with the matrix, finiteness, and what is
/// written; T float or double.
template <class T>
void check_maps(LawTable& table, const TransformPlan& L, SeededNumbers& random);
extern template void check_maps<float>(LawTable&, const TransformPlan&, SeededNumbers&);
extern template void check_maps<double>(LawTable&, const TransformPlan&, SeededNumbers&);

/// Slices and frequencies, F F^-1 = 1, the stored rows and the scale of the full L.
void check_statements(LawTable& table, const TransformPlan& L);
/// The L-product of two tubes, slice by slice and from its definition.
void check_product(LawTable& table, const TransformPlan& L, SeededNumbers& random);
/// d loss / d theta against central differences, on a loss of F and F^-1.
void check_gradient(LawTable& table, const Transform& transform, int p, const std::vector<double>& theta,
                    SeededNumbers& random);

template <class T>
double dot(const std::vector<T>& x, const std::vector<T>& y) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += static_cast<double>(x[i]) * y[i];
  return sum;
}
template <class T>
double norm(const std::vector<T>& x) {
  return std::sqrt(dot(x, x));
}
inline double frobenius(const Matrix& A) { return norm(std::vector<double>(A.data(), A.data() + A.size())); }

}  // namespace tubal
