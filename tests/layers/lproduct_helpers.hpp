// What the tests of the L-product share: random tensors, plans from any complex matrix, and the definition of
// the product written out with the full L, independent of faces and stored slices.
#pragma once
#include <random>

#include "core/error.hpp"
#include "layers/lproduct/lproduct.hpp"
#include "transforms/transform.hpp"

namespace tubal::test {

/// Gaussian entries from a fixed seed (mt19937_64 and Box-Muller, so the same everywhere).
template <class T = double>
Tensor<T, 3> random_tensor(std::size_t rows, std::size_t columns, std::size_t p, unsigned seed) {
  std::mt19937_64 engine(seed);
  const auto uniform = [&] { return (double(engine() >> 11) + 0.5) * 0x1p-53; };
  Tensor<T, 3> y = Tensor<T, 3>::from_shape({rows, columns, p});
  for (T& v : y) v = T(std::sqrt(-2 * std::log(uniform())) * std::cos(6.283185307179586 * uniform()));
  return y;
}

/// max |A - B| / max(1, max |B|); infinity where shapes differ, NaN where an entry is.
template <class T, std::size_t N>
double difference(const Tensor<T, N>& A, const Tensor<T, N>& B) {
  if (A.shape() != B.shape()) return INFINITY;
  double worst = 0, size = 1;
  for (std::size_t i = 0; i < A.size(); ++i) {
    const double e = std::abs(double(A.data()[i]) - double(B.data()[i]));
    if (!(e <= worst)) worst = e;
    if (std::isnan(worst)) return worst;
    size = std::max(size, std::abs(double(B.data()[i])));
  }
  return worst / size;
}

/// A^-1 by Gauss-Jordan with pivoting.
inline Tensor<Complex, 2> inverted(Tensor<Complex, 2> A) {
  const std::size_t n = A.shape(0);
  Tensor<Complex, 2> y = Tensor<Complex, 2>::from_shape({n, n});
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) y(i, j) = i == j ? 1 : 0;
  for (std::size_t c = 0; c < n; ++c) {
    std::size_t best = c;
    for (std::size_t i = c; i < n; ++i)
      if (std::abs(A(i, c)) > std::abs(A(best, c))) best = i;
    for (std::size_t j = 0; j < n; ++j) {
      std::swap(A(c, j), A(best, j));
      std::swap(y(c, j), y(best, j));
    }
    const Complex pivot = A(c, c);
    for (std::size_t j = 0; j < n; ++j) {
      A(c, j) /= pivot;
      y(c, j) /= pivot;
    }
    for (std::size_t i = 0; i < n; ++i) {
      const Complex f = A(i, c);
      if (i == c) continue;
      for (std::size_t j = 0; j < n; ++j) {
        A(i, j) -= f * A(c, j);
        y(i, j) -= f * y(c, j);
      }
    }
  }
  return y;
}

/// A plan from given slices, the full L, and its scale;
/// stored rows are real and imaginary parts of the slices' bins.
class MatrixPlan final : public TransformPlan {
 public:
  MatrixPlan(Tensor<Complex, 2> L, std::vector<Slice> slices, double scale)
      : L_(std::move(L)), slices_(std::move(slices)), scale_(scale) {
    const std::size_t p = L_.shape(0);
    forward_ = Tensor<double, 2>::from_shape({p, p});
    Tensor<Complex, 2> F = Tensor<Complex, 2>::from_shape({p, p});
    std::size_t row = 0;
    for (const Slice& slice : slices_) {
      for (std::size_t l = 0; l < p; ++l) F(row, l) = forward_(row, l) = L_(slice.bin, l).real();
      ++row;
      if (!slice.complex) continue;
      for (std::size_t l = 0; l < p; ++l) F(row, l) = forward_(row, l) = L_(slice.bin, l).imag();
      ++row;
    }
    F = inverted(F);
    inverse_ = Tensor<double, 2>::from_shape({p, p});
    for (std::size_t i = 0; i < p * p; ++i) inverse_.data()[i] = F.data()[i].real();
  }
  int p() const override { return int(L_.shape(0)); }
  const std::vector<Slice>& slices() const override { return slices_; }
  double scale() const override { return scale_; }
  const Tensor<double, 2>& forward_matrix() const override { return forward_; }
  const Tensor<double, 2>& inverse_matrix() const override { return inverse_; }
  Tensor<Complex, 2> matrix() const override { return L_; }
  bool own_scheme_is_faster(std::size_t, std::size_t) const override { return false; }
  std::string description(std::size_t, std::size_t) const override { return "loops"; }
#define TUBAL_APPLY(name, M, transposed)                                               \
  void name(const float* x, float* y, std::size_t T, std::size_t m) const override {   \
    apply(M, transposed, x, y, T, m);                                                  \
  }                                                                                    \
  void name(const double* x, double* y, std::size_t T, std::size_t m) const override { \
    apply(M, transposed, x, y, T, m);                                                  \
  }
  TUBAL_APPLY(forward, forward_, false)
  TUBAL_APPLY(inverse, inverse_, false)
  TUBAL_APPLY(forward_adjoint, forward_, true)
  TUBAL_APPLY(inverse_adjoint, inverse_, true)
#undef TUBAL_APPLY

 private:
  template <class R>
  static void apply(const Tensor<double, 2>& M, bool transposed, const R* x, R* y, std::size_t T,
                    std::size_t m) {
    const std::size_t p = M.shape(0);
    for (std::size_t t = 0; t < T; ++t)
      for (std::size_t k = 0; k < p; ++k)
        for (std::size_t i = 0; i < m; ++i) {
          double sum = 0;
          for (std::size_t l = 0; l < p; ++l)
            sum += (transposed ? M(l, k) : M(k, l)) * double(x[(t * p + l) * m + i]);
          y[(t * p + k) * m + i] = R(sum);
        }
  }
  Tensor<Complex, 2> L_;
  std::vector<Slice> slices_;
  double scale_;
  Tensor<double, 2> forward_, inverse_;
};

/// exp(-2 pi i k l / p), scale p: its L-product is the block-circulant one.
inline MatrixPlan unnormalised_dft(int p) {
  Tensor<Complex, 2> L = Tensor<Complex, 2>::from_shape({std::size_t(p), std::size_t(p)});
  for (int k = 0; k < p; ++k)
    for (int l = 0; l < p; ++l) L(k, l) = std::polar(1.0, -6.283185307179586 * (k * l % p) / p);
  std::vector<Slice> slices = {{0, false, 0}};
  if (p % 2 == 0) slices.push_back({p / 2, false, 1});
  for (int k = 1; 2 * k < p; ++k) slices.push_back({k, true, 2.0 * k / p});
  return MatrixPlan(std::move(L), std::move(slices), p);
}

/// A *_L B from the definition: every bin of the full complex L, then L^-1 by elimination. Real tensors have
/// a real product: an imaginary part becomes NaN.
inline Tensor<double, 3> direct_product(const TransformPlan& plan, const Tensor<double, 3>& A,
                                        const Tensor<double, 3>& B) {
  const Tensor<Complex, 2> L = plan.matrix(), Li = inverted(L);
  const std::size_t p = L.shape(0), n = A.shape(0), q = A.shape(1), r = B.shape(1);
  Tensor<double, 3> y = Tensor<double, 3>::from_shape({n, r, p});
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < r; ++j) {
      std::vector<Complex> hat(p);
      for (std::size_t k = 0; k < p; ++k)
        for (std::size_t c = 0; c < q; ++c) {
          Complex a = 0, b = 0;
          for (std::size_t l = 0; l < p; ++l) {
            a += L(k, l) * A(i, c, l);
            b += L(k, l) * B(c, j, l);
          }
          hat[k] += a * b;
        }
      for (std::size_t l = 0; l < p; ++l) {
        Complex sum = 0;
        for (std::size_t k = 0; k < p; ++k) sum += Li(l, k) * hat[k];
        y(i, j, l) = std::abs(sum.imag()) <= 1e-12 * (1 + std::abs(sum)) ? sum.real() : NAN;
      }
    }
  return y;
}

/// The plan of a registered transform with its options at their defaults.
inline std::unique_ptr<TransformPlan> plan_of(const std::string& name, int p) {
  TransformSpec spec;
  spec.name = name;
  return make_transform(spec)->plan(p);
}

/// Every transform of the table that takes p, by name;
/// the unnormalised DFT is added by the caller where wanted.
inline std::vector<std::pair<std::string, std::shared_ptr<TransformPlan>>> table_plans(int p) {
  std::vector<std::pair<std::string, std::shared_ptr<TransformPlan>>> plans;
  for (const TransformEntry& entry : transform_table()) {
    TransformSpec spec;
    spec.name = entry.name;
    if (entry.name == "matrix") continue;  // reads a file; its plan is of the same kind as the others
    spec.seed = 3;
    const std::unique_ptr<Transform> transform = make_transform(spec);
    if (!transform->refuses(p)) plans.emplace_back(entry.name, transform->plan(p));
  }
  plans.emplace_back("unnormalised dft", std::make_shared<MatrixPlan>(unnormalised_dft(p)));
  return plans;
}

}  // namespace tubal::test
