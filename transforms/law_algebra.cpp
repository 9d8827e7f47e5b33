// Laws of what a plan states, of the L-product of tubes, and of a learned transform's gradient.
#include <algorithm>
#include <cmath>
#include <limits>

#include "transforms/law_checks.hpp"

namespace tubal {

// Slices, frequencies, F I = 1, and the full L: its stored rows, its scale.
void check_statements(LawTable& c, const TransformPlan& L) {
  const std::size_t p = L.p();
  const Matrix &F = L.forward_matrix(), &I = L.inverse_matrix();
  const double eps = std::numeric_limits<double>::epsilon(), f = frobenius(F), i = frobenius(I);
  std::size_t rows = 0;
  bool complex_seen = false;
  double outside = 0, unstored = 0;
  const Tensor<Complex, 2> full = L.matrix();
  for (const Slice& s : L.slices()) {
    if (!(s.frequency >= 0 && s.frequency <= 1)) ++outside;
    if (complex_seen && !s.complex) ++outside;  // real slices come first
    complex_seen = complex_seen || s.complex;
    for (std::size_t l = 0; l < p && rows + s.complex < p; ++l) {
      unstored = std::max(unstored, std::abs(F(rows, l) - full(s.bin, l).real()));
      unstored = std::max(unstored, std::abs((s.complex ? F(rows + 1, l) : 0) - full(s.bin, l).imag()));
    }
    rows += s.complex ? 2 : 1;
  }
  c.note("slices fill p rows, frequencies in [0, 1]",
         outside + std::abs(static_cast<double>(rows) - static_cast<double>(p)), 0);
  c.note("stored rows = L", unstored, 4 * eps * f);
  c.note("F F^-1 = 1", largest_difference(product(F, I), identity_matrix(p)), 8 * eps * std::sqrt(p) * f * i);
  if (const double scale = L.scale(); scale != 0) {
    double worst = scale > 0 ? 0 : INFINITY;
    for (std::size_t a = 0; a < p; ++a)
      for (std::size_t b = 0; b < p; ++b) {
        Complex sum = 0;
        for (std::size_t k = 0; k < p; ++k) sum += std::conj(full(k, a)) * full(k, b);
        const double error = std::abs(sum / scale - (a == b ? 1.0 : 0.0));
        if (!(error <= worst)) worst = error;
      }
    c.note("claimed scale: L^H L = scale 1", worst, 8 * eps * p);
  }
}

// a *_L b, slice by slice, against sum_i a_i T_i b with T_i = L^-1 diag(L e_i) L:
// L^-1 from the scale or from F^-1.
void check_product(LawTable& c, const TransformPlan& L, SeededNumbers& random) {
  const std::size_t p = L.p();
  const Tensor<Complex, 2> full = L.matrix();
  std::vector<double> a(p), b(p), spectral(p);
  // At most 8 entries of a, spread over it: the direct product costs p^3 for each.
  for (std::size_t i = 0; i < p; i += (p + 7) / 8) a[i] = random.normal();
  for (double& x : b) x = random.normal();
  const std::vector<double> u = apply_guarded(c, L, Map::forward, a, 1, 1),
                            v = apply_guarded(c, L, Map::forward, b, 1, 1);
  std::size_t r = 0;
  bool real = true;
  for (const Slice& s : L.slices()) {
    if (s.complex) {
      const Complex w = Complex(u[r], u[r + 1]) * Complex(v[r], v[r + 1]);
      spectral[r] = w.real();
      spectral[r + 1] = w.imag();
      r += 2;
      real = false;
    } else {
      spectral[r] = u[r] * v[r];
      ++r;
    }
  }
  const std::vector<double> found = apply_guarded(c, L, Map::inverse, spectral, 1, 1);
  double error = 0, size = 0;
  for (std::size_t l = 0; l < p; ++l) {
    Complex sum = 0;
    double magnitude = 0;
    for (std::size_t j = 0; j < p; ++j)
      for (std::size_t i = 0; i < p; i += (p + 7) / 8) {
        Complex t = 0;
        for (std::size_t k = 0; k < p; ++k)
          t += (real ? Complex(L.inverse_matrix()(l, k)) : std::conj(full(k, l)) / L.scale()) * full(k, i) *
               full(k, j);
        sum += a[i] * t * b[j];
        magnitude += std::abs(a[i] * t * b[j]);
      }
    error = std::max(error, std::abs(found[l] - sum));
    if (std::isnan(found[l]) || std::isnan(sum.real())) error = NAN;
    size = std::max(size, magnitude);
  }
  const double condition = frobenius(L.forward_matrix()) * frobenius(L.inverse_matrix());
  c.note("spectral product = direct product", error / size,
         64 * std::numeric_limits<double>::epsilon() * p * condition);
}

// On the loss <dF, F> + <dI, F^-1>, along parameters and random directions, by
// fourth-order central differences.
void check_gradient(LawTable& c, const Transform& transform, int p, const std::vector<double>& theta,
                    SeededNumbers& random) {
  const std::size_t n = theta.size(), q = static_cast<std::size_t>(p);
  Matrix dF = Matrix::from_shape({q, q}), dI = Matrix::from_shape({q, q});
  for (std::size_t i = 0; i < q * q; ++i) {
    dF.data()[i] = random.normal();
    dI.data()[i] = random.normal();
  }
  const std::vector<double> gradient = transform.gradient(p, theta, dF, dI);
  if (gradient.size() != n) return c.note("gradient by differences", INFINITY, 1e-7);
  const std::size_t directions = p <= 4 ? n : 3;
  for (std::size_t d = 0; d < directions; ++d) {
    std::vector<double> v(n, 0.0);
    if (p <= 4)
      v[d] = 1;
    else
      for (double& e : v) e = random.normal() / std::sqrt(static_cast<double>(n));
    const double h = 1e-3;
    const auto loss = [&](double step) {
      std::vector<double> at = theta;
      for (std::size_t i = 0; i < n; ++i) at[i] += step * v[i];
      const auto L = transform.plan(p, at);
      double sum = 0;
      for (std::size_t i = 0; i < q * q; ++i)
        sum += dF.data()[i] * L->forward_matrix().data()[i] + dI.data()[i] * L->inverse_matrix().data()[i];
      return sum;
    };
    const double expected = (8 * (loss(h) - loss(-h)) - (loss(2 * h) - loss(-2 * h))) / (12 * h);
    c.note("gradient by differences",
           std::abs(dot(gradient, v) - expected) / std::max({1.0, std::abs(expected), norm(gradient)}), 1e-7);
  }
}

}  // namespace tubal
