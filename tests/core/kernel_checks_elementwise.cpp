// Kernels that work number by number: activations and gates, dropout, AdamW, normal numbers, sums.
#include "tests/core/kernel_checks.hpp"

namespace tubal::kernel_checks {

namespace {

struct Activation {
  Real value, slope;  // act(x), act'(x)
  Real value_magnitude, slope_magnitude;
};
using Function = Activation (*)(Real);

Activation gelu(Real x) {
  const Real Phi = std::erfc(-x / std::sqrt(Real(2))) / 2,
             phi = std::exp(-x * x / 2) * 0.398942280401432677939946L;
  return {x * Phi, Phi + x * phi, std::abs(x), 1};
}
Activation relu(Real x) { return {x > 0 ? x : 0, Real(x > 0), std::abs(x), 1}; }
Activation silu(Real x) {
  const Real s = 1 / (1 + std::exp(-x));
  return {x * s, s * (1 + x * (1 - s)), std::abs(x) * s, s * (1 + std::abs(x) * (1 - s))};
}

template <class T, auto member, auto backward, Function f>
void activation(const Kernels<T>& k, Sample<T>& s) {
  const T *h = s.values(s.n), *dy = s.values(s.n, -2, 2);
  T *g = s.empty(s.n), *again = s.copy(h, s.n), *dh = s.copy(dy, s.n);
  (k.*member)(h, g, s.n);
  (k.*backward)(again, again, dh, s.n);
  for (std::size_t i = 0; i < s.n; ++i) {
    const Activation a = f(h[i]);
    s.compare(g[i], a.value, a.value_magnitude);
    s.compare(again[i], a.value, a.value_magnitude);
    s.compare(dh[i], a.slope * dy[i], a.slope_magnitude * std::abs(Real(dy[i])));
  }
}

// y = act(h) up on rows inside wider ones, and back with its results in the places of its operands.
template <class T, auto member, auto backward, Function f>
void gate(const Kernels<T>& k, Sample<T>& s) {
  const std::size_t rows = 3, ld = 2 * s.n + 5;
  const T *hidden = s.values(rows * ld), *dy = s.values(rows * s.n, -2, 2);
  T *y = s.empty(rows * s.n), *wide = s.copy(hidden, rows * ld), *again = s.copy(dy, rows * s.n);
  const auto view = [&](auto* x) { return columns_of(contiguous(x, rows, ld), 0, s.n); };
  const auto up_view = [&](auto* x) { return columns_of(contiguous(x, rows, ld), s.n + 2, s.n); };
  const MatrixView<T> narrow = {again, rows, s.n, s.n};
  (k.*member)(view(hidden), up_view(hidden), {y, rows, s.n, s.n});
  (k.*backward)(view(wide), up_view(wide), narrow, narrow, view(wide), up_view(wide));
  for (std::size_t t = 0; t < rows; ++t)
    for (std::size_t i = 0; i < s.n; ++i) {
      const Activation a = f(hidden[t * ld + i]);
      const Real up = hidden[t * ld + s.n + 2 + i], d = dy[t * s.n + i];
      s.compare(y[t * s.n + i], a.value * up, a.value_magnitude * std::abs(up));
      s.compare(again[t * s.n + i], a.value * up, a.value_magnitude * std::abs(up));
      s.compare(wide[t * ld + i], d * up * a.slope, std::abs(d * up) * a.slope_magnitude);
      s.compare(wide[t * ld + s.n + 2 + i], d * a.value, std::abs(d) * a.value_magnitude);
    }
}

// Word w of block i of a row's 128 numbers decides for numbers 32 w + i and 32 w + 16 + i.
bool kept(std::uint64_t key, std::uint64_t stream, std::uint64_t row, std::size_t i,
          std::uint32_t threshold) {
  const std::uint32_t in_unit = i % 128, word = in_unit / 32, high = in_unit % 32 / 16;
  const auto bits =
      Philox::block({static_cast<std::uint32_t>(i / 128 * 16 + in_unit % 16), static_cast<std::uint32_t>(row),
                     static_cast<std::uint32_t>(stream), static_cast<std::uint32_t>(stream >> 32)},
                    key);
  return (high ? bits[word] >> 16 : bits[word] & 0xffffu) >= threshold;
}

template <class T>
void dropout(const Kernels<T>& k, Sample<T>& s) {
  const std::size_t rows = 3, d = 5 * s.n;  // up to three units of 128
  const std::uint64_t key = 5, stream = (std::uint64_t{7} << 32) + s.n, row0 = 1000;
  const std::uint32_t threshold = 65536 / 3;
  const T *x = s.values(rows * d), scale = T(1.5);
  T *y = s.copy(x, rows * d), *again = s.empty(rows * d);
  std::vector<std::uint8_t> keep(rows * d);
  k.dropout(y, keep.data(), rows, d, key, stream, row0, threshold, scale);
  k.dropout_backward(x, keep.data(), again, rows * d, scale);
  for (std::size_t i = 0; i < rows * d; ++i) {
    const bool wanted = kept(key, stream, row0 + i / d, i % d, threshold);
    if (keep[i] != wanted) s.fail();
    const Real expected = wanted ? Real(x[i]) * scale : 0;
    s.compare(y[i], expected, std::abs(expected));
    s.compare(again[i], expected, std::abs(expected));
  }
}

template <class T, bool with_gradient>
void adamw(const Kernels<T>& k, Sample<T>& s) {
  const AdamWStep<T> a = {T(0.99997), T(3e-3), T(0.9), T(0.999), T(3.2), T(1e-8), T(0.7)};
  const T *w = s.values(s.n), *m = s.values(s.n), *v = s.values(s.n, 0, 4), *g = s.values(s.n);
  T *w1 = s.copy(w, s.n), *m1 = s.copy(m, s.n), *v1 = s.copy(v, s.n);
  if (with_gradient)
    k.adamw(w1, m1, v1, g, s.n, a);
  else
    k.adamw_no_gradient(w1, m1, v1, s.n, a);
  for (std::size_t i = 0; i < s.n; ++i) {
    const Real x = with_gradient ? Real(g[i]) * a.clip : 0, b1 = a.beta1, b2 = a.beta2;
    const Real first = b1 * m[i] + (1 - b1) * x, second = b2 * v[i] + (1 - b2) * x * x;
    const Real size = std::abs(b1 * m[i]) + std::abs((1 - b1) * x);
    const Real divisor = std::sqrt(second) * a.root_bias2 + a.eps;
    s.compare(m1[i], first, size);
    s.compare(v1[i], second, second);
    s.compare(w1[i], Real(w[i]) * a.decay - a.step_size * first / divisor,
              std::abs(Real(w[i])) + a.step_size * size / divisor);
  }
}

// cos crosses 0, so errors are of the radius.
template <class T>
void normals(const Kernels<T>& k, Sample<T>& s) {
  const RandomStream stream(3, Purpose::test, s.n);
  const std::uint64_t first = (std::uint64_t{1} << 32) - s.n / 2;
  T* x = s.empty(s.n);
  k.normals(x, s.n, 0.5, stream.key(), stream.stream(), first);
  for (std::size_t i = 0; i < s.n; ++i) {
    const std::uint64_t index = first + i, c = stream.stream();
    const auto r = Philox::block({static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32),
                                  static_cast<std::uint32_t>(c), static_cast<std::uint32_t>(c >> 32)},
                                 stream.key());
    // u is rounded as RandomStream rounds it: near 1 its logarithm tells.
    const Real u = (static_cast<double>((std::uint64_t{r[0]} << 32 | r[1]) >> 11) + 0.5) * 0x1p-53;
    const Real v = static_cast<double>((std::uint64_t{r[2]} << 32 | r[3]) >> 11) * 0x1p-53;
    const Real radius = 0.5L * std::sqrt(-2 * std::log(u));
    s.compare(x[i], radius * std::cos(6.283185307179586476925287L * v), radius);
  }
}

template <class T>
void add(const Kernels<T>& k, Sample<T>& s) {
  const T *x = s.values(s.n), *y = s.values(s.n);
  T* sum = s.copy(y, s.n);
  k.add(x, sum, s.n);
  for (std::size_t i = 0; i < s.n; ++i) s.compare(sum[i], Real(x[i]) + y[i], std::abs(Real(x[i]) + y[i]));
}

template <class T>
void sum_of_squares(const Kernels<T>& k, Sample<T>& s) {
  const std::size_t n = s.n % 5 ? s.n : 4096 * (s.n / 20) + s.n;  // over the seam of two runs as well
  const T* x = s.values(n);
  Real sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += Real(x[i]) * x[i];
  s.compare(k.sum_of_squares(x, n), sum, sum);
}

#define SPOIL(member, output) Spoiled<T, &Kernels<T>::member, output>::set

}  // namespace

template <class T>
std::vector<Check<T>> elementwise_checks() {
  using K = Kernels<T>;
  const auto wrong_sum = [](K& k, bool nan) {
    k.sum_of_squares =
        nan ? [](const T*, std::size_t) { return std::nan(""); } : [](const T*, std::size_t) { return 1.0; };
  };
  return {
      {"gelu",
       activation<T, &K::gelu, &K::gelu_backward, gelu>,
       {SPOIL(gelu, 1), SPOIL(gelu_backward, 1), SPOIL(gelu_backward, 2)}},
      {"relu",
       activation<T, &K::relu, &K::relu_backward, relu>,
       {SPOIL(relu, 1), SPOIL(relu_backward, 1), SPOIL(relu_backward, 2)}},
      {"silu",
       activation<T, &K::silu, &K::silu_backward, silu>,
       {SPOIL(silu, 1), SPOIL(silu_backward, 1), SPOIL(silu_backward, 2)}},
      {"geglu",
       gate<T, &K::geglu, &K::geglu_backward, gelu>,
       {SPOIL(geglu, 2), SPOIL(geglu_backward, 3), SPOIL(geglu_backward, 4), SPOIL(geglu_backward, 5)}},
      {"reglu",
       gate<T, &K::reglu, &K::reglu_backward, relu>,
       {SPOIL(reglu, 2), SPOIL(reglu_backward, 3), SPOIL(reglu_backward, 4), SPOIL(reglu_backward, 5)}},
      {"swiglu",
       gate<T, &K::swiglu, &K::swiglu_backward, silu>,
       {SPOIL(swiglu, 2), SPOIL(swiglu_backward, 3), SPOIL(swiglu_backward, 4), SPOIL(swiglu_backward, 5)}},
      {"dropout", dropout<T>, {SPOIL(dropout, 0), SPOIL(dropout, 1), SPOIL(dropout_backward, 2)}},
      {"adamw", adamw<T, true>, {SPOIL(adamw, 0), SPOIL(adamw, 1), SPOIL(adamw, 2)}},
      {"adamw_no_gradient",
       adamw<T, false>,
       {SPOIL(adamw_no_gradient, 0), SPOIL(adamw_no_gradient, 1), SPOIL(adamw_no_gradient, 2)}},
      {"normals", normals<T>, {SPOIL(normals, 0)}},
      {"add", add<T>, {SPOIL(add, 1)}},
      {"sum_of_squares", sum_of_squares<T>, {wrong_sum}},
  };
}

template std::vector<Check<float>> elementwise_checks();
template std::vector<Check<double>> elementwise_checks();

}  // namespace tubal::kernel_checks
