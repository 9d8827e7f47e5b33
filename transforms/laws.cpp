#include "transforms/laws.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "transforms/algorithm.hpp"
#include "transforms/seeded.hpp"

namespace tubal {
namespace {

constexpr std::size_t tokens = 3, width = 5;  // the laws' batches: odd, so that vector remainders run too
constexpr std::array<const char*, 4> map_names = {"forward", "inverse", "forward adjoint", "inverse adjoint"};

template <class T>
using Batch = std::vector<T>;

template <class T>
Batch<T> apply(const TransformPlan& L, Map map, const Batch<T>& x) {
  Batch<T> y(x.size(), std::numeric_limits<T>::quiet_NaN());  // what is not written shows
  const std::size_t m = x.size() / (tokens * L.p());
  switch (map) {
    case Map::forward:
      L.forward(x.data(), y.data(), tokens, m);
      break;
    case Map::inverse:
      L.inverse(x.data(), y.data(), tokens, m);
      break;
    case Map::forward_adjoint:
      L.forward_adjoint(x.data(), y.data(), tokens, m);
      break;
    case Map::inverse_adjoint:
      L.inverse_adjoint(x.data(), y.data(), tokens, m);
      break;
  }
  return y;
}

template <class T>
double dot(const Batch<T>& x, const Batch<T>& y) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += static_cast<double>(x[i]) * y[i];
  return sum;
}
template <class T>
double norm(const Batch<T>& x) {
  return std::sqrt(dot(x, x));
}
template <class T>
double distance(Batch<T> x, const Batch<T>& y) {
  for (std::size_t i = 0; i < x.size(); ++i) x[i] -= y[i];
  return norm(x);
}
double frobenius(const Matrix& A) { return norm(Batch<double>(A.data(), A.data() + A.size())); }

class Checker {
 public:
  explicit Checker(int p) : p_(p) {}
  void note(const std::string& law, double error, double bound) {
    for (Law& l : laws)
      if (l.law == law) {
        if (!(error / std::max(bound, 1e-300) <= l.error / std::max(l.bound, 1e-300)))
          l.error = error, l.bound = bound;
        return;
      }
    laws.push_back({law, error, bound, p_});
  }
  std::vector<Law> laws;

 private:
  int p_;
};

// Inverse, linearity, adjoints, agreement with the matrix, finiteness; in one type.
template <class T>
void check_maps(Checker& c, const TransformPlan& L, SeededNumbers& random, const std::string& type) {
  const std::size_t p = L.p(), n = tokens * p * width;
  const Matrix &F = L.forward_matrix(), &I = L.inverse_matrix();
  const double eps = std::numeric_limits<T>::epsilon(), f = frobenius(F), i = frobenius(I),
               unit = 8 * eps * std::sqrt(p);
  Batch<T> x(n), y(n), z(n);
  for (T& v : x) v = static_cast<T>(random.normal());
  for (T& v : y) v = static_cast<T>(random.normal());

  c.note("inverse, " + type, distance(apply(L, Map::inverse, apply(L, Map::forward, x)), x) / norm(x),
         unit * f * i);
  c.note("inverse, " + type, distance(apply(L, Map::forward, apply(L, Map::inverse, x)), x) / norm(x),
         unit * f * i);
  c.note("inverse, " + type,
         distance(apply(L, Map::inverse_adjoint, apply(L, Map::forward_adjoint, x)), x) / norm(x),
         unit * f * i);
  for (const auto& [there, back, size] :
       {std::tuple{Map::forward, Map::forward_adjoint, f}, std::tuple{Map::inverse, Map::inverse_adjoint, i}})
    c.note("adjoint, " + type,
           std::abs(dot(apply(L, there, x), y) - dot(x, apply(L, back, y))) / (norm(x) * norm(y)),
           unit * size);

  const std::array<Matrix, 4> matrices = {F, I, transposed(F), transposed(I)};
  for (int map = 0; map < 4; ++map) {
    const double size = map % 2 ? i : f;
    for (std::size_t k = 0; k < n; ++k) z[k] = T(2) * x[k] - T(3) * y[k];
    Batch<T> fx = apply(L, Map(map), x), fy = apply(L, Map(map), y);
    Batch<T> sum(n);
    for (std::size_t k = 0; k < n; ++k) sum[k] = T(2) * fx[k] - T(3) * fy[k];
    c.note("linearity, " + type, distance(apply(L, Map(map), z), sum) / (2 * norm(x) + 3 * norm(y)),
           unit * size);

    Batch<double> wide(x.begin(), x.end()), expected(n);
    matrix_product(matrices[map].data(), wide.data(), expected.data(), tokens, p, width);
    Batch<double> found(fx.begin(), fx.end());
    c.note("application = matrix, " + type, distance(found, expected) / norm(x), unit * size);

    // Counts numbers that are not finite, from denormals and from values near the end of the range, and a NaN
    // that is lost.
    const T tiny = std::numeric_limits<T>::denorm_min() * 1000,
            huge = std::numeric_limits<T>::max() / static_cast<T>(1e6 * (1 + size));
    for (const T value : {tiny, huge}) {
      for (std::size_t k = 0; k < n; ++k) z[k] = x[k] > 0 ? value : -value;
      const Batch<T> out = apply(L, Map(map), z);
      c.note(
          "finite on denormals and large values",
          static_cast<double>(std::count_if(out.begin(), out.end(), [](T v) { return !std::isfinite(v); })),
          0);
    }
    z = x;
    z[n / 2] = std::numeric_limits<T>::quiet_NaN();
    const Batch<T> out = apply(L, Map(map), z);
    c.note("a NaN comes through",
           std::any_of(out.begin(), out.end(), [](T v) { return std::isnan(v); }) ? 0 : 1, 0);
  }
}

// Slices, frequencies, F I = 1, and the full L: its stored rows, its scale.
void check_statements(Checker& c, const TransformPlan& L) {
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

// a *_L b, slice by slice, against sum_i a_i T_i b with T_i = L^-1 diag(L e_i) L: L^-1 from the scale or from
// F^-1.
void check_product(Checker& c, const TransformPlan& L, SeededNumbers& random) {
  const std::size_t p = L.p();
  const Tensor<Complex, 2> full = L.matrix();
  std::vector<double> a(p), b(p), u(p), v(p), spectral(p), found(p);
  // At most 8 entries of a, spread over it: the direct product costs p^3 for each.
  for (std::size_t i = 0; i < p; i += (p + 7) / 8) a[i] = random.normal();
  for (double& x : b) x = random.normal();
  L.forward(a.data(), u.data(), 1, 1);
  L.forward(b.data(), v.data(), 1, 1);
  std::size_t r = 0;
  bool real = true;
  for (const Slice& s : L.slices()) {
    if (s.complex) {
      const Complex w = Complex(u[r], u[r + 1]) * Complex(v[r], v[r + 1]);
      spectral[r] = w.real(), spectral[r + 1] = w.imag(), r += 2, real = false;
    } else
      spectral[r] = u[r] * v[r], ++r;
  }
  L.inverse(spectral.data(), found.data(), 1, 1);
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
        sum += a[i] * t * b[j], magnitude += std::abs(a[i] * t * b[j]);
      }
    error = std::max(error, std::abs(found[l] - sum));
    if (std::isnan(found[l]) || std::isnan(sum.real())) error = NAN;
    size = std::max(size, magnitude);
  }
  const double condition = frobenius(L.forward_matrix()) * frobenius(L.inverse_matrix());
  c.note("spectral product = direct product", error / size,
         64 * std::numeric_limits<double>::epsilon() * p * condition);
}

// On the loss <dF, F> + <dI, F^-1>, along parameters and random directions, by fourth-order central
// differences.
void check_gradient(Checker& c, const Transform& transform, int p, const std::vector<double>& theta,
                    SeededNumbers& random) {
  const std::size_t n = theta.size(), q = static_cast<std::size_t>(p);
  Matrix dF = Matrix::from_shape({q, q}), dI = Matrix::from_shape({q, q});
  for (std::size_t i = 0; i < q * q; ++i) dF.data()[i] = random.normal(), dI.data()[i] = random.normal();
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

}  // namespace

const std::vector<int>& law_lengths() {
  static const std::vector<int> lengths = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 16, 31, 64};
  return lengths;
}

std::vector<Law> check_laws(const Transform& transform, int p) {
  Checker c(p);
  SeededNumbers random(11, p);
  const auto check = [&](const TransformPlan& L) {
    check_statements(c, L);
    check_maps<double>(c, L, random, "double");
    check_maps<float>(c, L, random, "float");
    check_product(c, L, random);
  };
  check(*transform.plan(p));
  if (transform.parameter_count(p)) {
    std::vector<double> theta = transform.initial_parameters(p);
    if (theta.size() != transform.parameter_count(p)) c.note("initial parameters are all there", INFINITY, 0);
    check_gradient(c, transform, p, theta, random);
    for (double& t : theta) t += 0.3 * random.normal();
    check(*transform.plan(p, theta));
    check_gradient(c, transform, p, theta, random);
  }
  return c.laws;
}

std::vector<Law> check_laws(const Transform& transform, std::span<const int> lengths) {
  std::vector<Law> worst;
  for (const int p : lengths) {
    if (transform.refuses(p)) continue;
    for (const Law& l : check_laws(transform, p)) {
      const auto same =
          std::find_if(worst.begin(), worst.end(), [&](const Law& w) { return w.law == l.law; });
      const auto ratio = [](const Law& w) { return w.error / std::max(w.bound, 1e-300); };
      if (same == worst.end())
        worst.push_back(l);
      else if (!(ratio(l) <= ratio(*same)) && !std::isnan(same->error))
        *same = l;
    }
  }
  return worst;
}

}  // namespace tubal
