// Kernels that work on rows: softmax, norms, rotations, tubes, sums and scalings.
#include "tests/core/kernel_checks.hpp"

namespace tubal::kernel_checks {

namespace {

// exp(a) of an argument that carries rounding errors of its terms: relative errors grow by |terms|.
struct Softmax {
  std::vector<Real> P;
  Real log_sum_exp = 0, terms = 1;
};
template <class T>
Softmax softmax_of(const T* s, std::size_t n, Real scale) {
  Softmax y;
  Real most = scale * s[0], sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    most = std::max(most, scale * s[i]);
    y.terms = std::max(y.terms, std::abs(scale * s[i]));
  }
  for (std::size_t i = 0; i < n; ++i) sum += std::exp(scale * s[i] - most);
  for (std::size_t i = 0; i < n; ++i) y.P.push_back(std::exp(scale * s[i] - most) / sum);
  y.log_sum_exp = most + std::log(sum);
  y.terms = 1 + 2 * y.terms;
  return y;
}

template <class T>
void softmax(const Kernels<T>& k, Sample<T>& s) {
  const std::size_t rows = 2, ld = s.n + 3;
  const T *x = s.values(rows * ld), *dP = s.values(rows * ld, -2, 2), *D = s.values(rows, -2, 2),
          scale = T(0.37);
  T *e = s.copy(x, rows * ld), *inverse_sum = s.empty(rows), *lse = s.empty(rows);
  const auto view = [&](auto* x_) { return columns_of(contiguous(x_, rows, ld), 0, s.n); };
  k.softmax(view(e), scale, inverse_sum, lse);
  T *P = s.copy(x, rows * ld), *dS = s.copy(dP, rows * ld), *exact = s.empty(rows);
  for (std::size_t t = 0; t < rows; ++t)
    exact[t] = static_cast<T>(softmax_of(x + t * ld, s.n, scale).log_sum_exp);
  k.softmax_backward(view(P), view(dS), exact, D, scale);
  for (std::size_t t = 0; t < rows; ++t) {
    const Softmax y = softmax_of(x + t * ld, s.n, scale);
    s.compare(lse[t], y.log_sum_exp, y.terms);
    for (std::size_t i = 0; i < ld; ++i) {
      const std::size_t at = t * ld + i;
      if (i >= s.n) {
        if (e[at] != x[at] || P[at] != x[at] || dS[at] != dP[at]) s.fail();
        continue;
      }
      const Real d = (Real(dP[at]) - D[t]) * scale,
                 size = (std::abs(Real(dP[at])) + std::abs(Real(D[t]))) * scale;
      s.compare(Real(e[at]) * inverse_sum[t], y.P[i], y.P[i] * y.terms);
      s.compare(P[at], y.P[i], y.P[i] * y.terms);
      s.compare(dS[at], y.P[i] * d, y.P[i] * size * y.terms);
    }
  }
}

// Rows of two segments, s.n and s.n / 2 + 1 numbers, that lie off 0.
template <class T, bool rms>
void norm(const Kernels<T>& k, Sample<T>& s) {
  const std::size_t rows = 3, segments = 2, begin[] = {0, s.n, s.n + s.n / 2 + 1}, d = begin[2];
  const T *x = s.values(rows * d), *gain = s.values(d, -2, 2), *bias = s.values(d, -1, 1);
  T *n = s.empty(rows * d), *y = s.copy(x, rows * d), *rstd = s.empty(rows * segments),
    *again = s.empty(rows * d);
  if (rms)
    k.rms_norm(y, n, y, rstd, gain, rows, d, begin, segments);
  else
    k.norm(y, n, y, rstd, gain, bias, rows, d, begin, segments);
  k.affine(n, gain, rms ? nullptr : bias, again, rows, d);
  for (std::size_t t = 0; t < rows; ++t)
    for (std::size_t g = 0; g < segments; ++g) {
      const std::size_t w = begin[g + 1] - begin[g];
      Real mean = 0, square = 0, size = 0;
      for (std::size_t i = begin[g]; i < begin[g + 1]; ++i) {
        mean += Real(x[t * d + i]) / w;
        size = std::max(size, std::abs(Real(x[t * d + i])));
      }
      if (rms) mean = 0;
      for (std::size_t i = begin[g]; i < begin[g + 1]; ++i)
        square += (x[t * d + i] - mean) * (x[t * d + i] - mean) / w;
      const Real r = 1 / std::sqrt(square + 1e-5L), off = 1 + (rms ? 0 : size * r);
      s.compare(rstd[t * segments + g], r, r * off);
      for (std::size_t i = begin[g]; i < begin[g + 1]; ++i) {
        const Real v = (x[t * d + i] - mean) * r, unit = std::abs(v) * off + (rms ? 0 : size * r);
        const Real a = gain[i], b = rms ? 0 : Real(bias[i]), n_found = n[t * d + i];
        s.compare(n_found, v, unit);
        s.compare(y[t * d + i], v * a + b, unit * std::abs(a) + std::abs(b));
        s.compare(again[t * d + i], n_found * a + b, std::abs(n_found * a) + std::abs(b));
      }
    }
}

template <class T, bool rms>
void norm_backward(const Kernels<T>& k, Sample<T>& s) {
  const std::size_t rows = 3, segments = 2, begin[] = {0, s.n, s.n + s.n / 2 + 1}, d = begin[2];
  const T *dy = s.values(rows * d), *n = s.values(rows * d, -2, 2), *rstd = s.values(rows * segments, 0.5, 4),
          *gain = s.values(d, -2, 2), *before = s.values(d, -1, 1);
  T *dx = s.copy(dy, rows * d), *dgain = s.copy(before, d), *dbias = s.copy(before, d);
  if (rms)
    k.rms_norm_backward(dx, n, rstd, gain, dx, dgain, rows, d, begin, segments);
  else
    k.norm_backward(dx, n, rstd, gain, dx, dgain, dbias, rows, d, begin, segments);
  for (std::size_t t = 0; t < rows; ++t)
    for (std::size_t g = 0; g < segments; ++g) {
      const std::size_t w = begin[g + 1] - begin[g];
      Real first = 0, second = 0, first_size = 0, second_size = 0;
      for (std::size_t i = begin[g]; i < begin[g + 1]; ++i) {
        const Real dn = Real(dy[t * d + i]) * gain[i] / w, v = n[t * d + i];
        first += dn;
        first_size += std::abs(dn);
        second += dn * v;
        second_size += std::abs(dn * v);
      }
      if (rms) first = first_size = 0;
      for (std::size_t i = begin[g]; i < begin[g + 1]; ++i) {
        const Real dn = Real(dy[t * d + i]) * gain[i], v = n[t * d + i], r = rstd[t * segments + g];
        s.compare(dx[t * d + i], r * (dn - first - v * second),
                  r * (std::abs(dn) + first_size + std::abs(v) * second_size));
      }
    }
  for (std::size_t i = 0; i < d; ++i) {
    Real gain_sum = before[i], bias_sum = before[i], gain_size = std::abs(gain_sum), bias_size = gain_size;
    for (std::size_t t = 0; t < rows; ++t) {
      const Real g = dy[t * d + i], v = n[t * d + i];
      gain_sum += g * v;
      gain_size += std::abs(g * v);
      bias_sum += g;
      bias_size += std::abs(g);
    }
    s.compare(dgain[i], gain_sum, gain_size);
    if (!rms) s.compare(dbias[i], bias_sum, bias_size);
  }
}

template <class T>
void rotate(const Kernels<T>& k, Sample<T>& s) {
  const std::size_t rows = 2, half = s.n, blocks = 1 + s.n % 3, columns = 2 * half * blocks, ld = columns + 1;
  const T *x = s.values(rows * ld), *angle = s.values(rows * half, -3, 3);
  T *c = s.empty(rows * half), *w = s.empty(rows * half), *y = s.copy(x, rows * ld),
    *z = s.copy(x, rows * ld);
  for (std::size_t i = 0; i < rows * half; ++i) {
    c[i] = std::cos(angle[i]);
    w[i] = std::sin(angle[i]);
  }
  k.rotate({y, rows, columns, ld}, half, {c, rows, half, half}, {w, rows, half, half}, false);
  k.rotate({z, rows, columns, ld}, half, {c, rows, half, half}, {w, rows, half, half}, true);
  for (std::size_t t = 0; t < rows; ++t) {
    if (y[t * ld + columns] != x[t * ld + columns]) s.fail();
    for (std::size_t b = 0; b < blocks; ++b)
      for (std::size_t j = 0; j < half; ++j) {
        const std::size_t at = t * ld + 2 * half * b + j;
        const Real u = x[at], v = x[at + half], a = c[t * half + j], d = w[t * half + j];
        const Real size = std::abs(u * a) + std::abs(v * d), other = std::abs(u * d) + std::abs(v * a);
        s.compare(y[at], u * a - v * d, size);
        s.compare(y[at + half], u * d + v * a, other);
        s.compare(z[at], u * a + v * d, size);
        s.compare(z[at + half], v * a - u * d, other);
      }
  }
}

template <class T>
void tube(const Kernels<T>& k, Sample<T>& s) {
  for (const std::size_t p : {1 + s.n % 17, std::size_t{1} << s.n % 6}) {
    const std::size_t rows = 2, m = s.n;
    const T *F = s.values(p * p, -1, 1), *x = s.values(rows * p * m), *dy = s.values(rows * p * m);
    T* y = s.empty(rows * p * m);
    std::vector<double> dF(p * p, 0.25);
    k.tube(F, p, x, y, rows, m);
    k.tube_gradient(dy, x, dF.data(), p, rows, m);
    for (std::size_t a = 0; a < p; ++a)
      for (std::size_t t = 0; t < rows; ++t)
        for (std::size_t i = 0; i < m; ++i) {
          Real sum = 0, size = 0;
          for (std::size_t l = 0; l < p; ++l) {
            const Real term = Real(F[a * p + l]) * x[(t * p + l) * m + i];
            sum += term;
            size += std::abs(term);
          }
          s.compare(y[(t * p + a) * m + i], sum, size);
        }
    for (std::size_t a = 0; a < p; ++a)
      for (std::size_t l = 0; l < p; ++l) {
        Real sum = 0.25L, size = 0.25L;
        for (std::size_t t = 0; t < rows; ++t)
          for (std::size_t i = 0; i < m; ++i) {
            const Real term = Real(dy[(t * p + a) * m + i]) * x[(t * p + l) * m + i];
            sum += term;
            size += std::abs(term);
          }
        s.compare(dF[a * p + l], sum, size);
      }
  }
}

// Node i of a tree over p leaves halves as the Haar tree does; here its leaves are in any order.
template <class T>
void rotate_tree(const Kernels<T>& k, Sample<T>& s) {
  const std::size_t p = 1 + s.below(40), m = s.n, rows = 2;
  std::vector<TreeRotation<T>> tree;
  std::vector<std::size_t> leaves(p ? 1 : 0, p), start(1, 0);  // of each node
  for (std::size_t i = 0; p > 1 && i < leaves.size(); ++i) {
    TreeRotation<T> r{0, 0, false, false, T(0.6), T(0.8)};
    const std::size_t a = (leaves[i] + 1) / 2, b = leaves[i] - a;
    const auto half = [&](std::size_t n, std::size_t at, std::uint32_t& row, bool& leaf) {
      leaf = n == 1;
      row = static_cast<std::uint32_t>(leaf ? (at + 7) % p : leaves.size());
      if (!leaf) {
        leaves.push_back(n);
        start.push_back(at);
      }
    };
    half(a, start[i], r.first, r.first_leaf);
    half(b, start[i] + a, r.second, r.second_leaf);
    tree.push_back(r);
  }
  const T *x = s.values(rows * p * m), c = T(0.6), d = T(0.8);
  T *y = s.empty(rows * p * m), *z = s.empty(rows * p * m), *scratch = s.empty(p * 128 / sizeof(T));
  k.rotate_tree(tree.data(), p, x, y, rows, m, scratch, false);
  k.rotate_tree(tree.data(), p, x, z, rows, m, scratch, true);
  for (std::size_t t = 0; t < rows; ++t)
    for (std::size_t i = 0; i < m; ++i) {
      const auto at = [&](const T* v, std::size_t row) { return Real(v[(t * p + row) * m + i]); };
      if (p == 1) {
        s.compare(at(y, 0), at(x, 0), 0);
        s.compare(at(z, 0), at(x, 0), 0);
        continue;
      }
      std::vector<Real> sum(p), size(p), back(p), back_size(p);
      for (std::size_t n = p - 1; n-- > 0;) {
        const TreeRotation<T>& r = tree[n];
        const Real u = r.first_leaf ? at(x, r.first) : sum[r.first],
                   v = r.second_leaf ? at(x, r.second) : sum[r.second];
        const Real us = r.first_leaf ? std::abs(u) : size[r.first],
                   vs = r.second_leaf ? std::abs(v) : size[r.second];
        sum[n] = c * u + d * v;
        size[n] = c * us + d * vs;
        s.compare(at(y, 1 + n), d * u - c * v, d * us + c * vs);
      }
      s.compare(at(y, 0), sum[0], size[0]);
      back[0] = at(x, 0);
      back_size[0] = std::abs(back[0]);
      for (std::size_t n = 0; n + 1 < p; ++n) {
        const TreeRotation<T>& r = tree[n];
        const Real a = back[n], as = back_size[n], e = at(x, 1 + n), u = c * a + d * e, v = d * a - c * e;
        const Real us = c * as + d * std::abs(e), vs = d * as + c * std::abs(e);
        if (r.first_leaf)
          s.compare(at(z, r.first), u, us);
        else {
          back[r.first] = u;
          back_size[r.first] = us;
        }
        if (r.second_leaf)
          s.compare(at(z, r.second), v, vs);
        else {
          back[r.second] = v;
          back_size[r.second] = vs;
        }
      }
    }
}

template <class T>
void butterflies(const Kernels<T>& k, Sample<T>& s) {
  const std::size_t bits = s.below(8), p = std::size_t{1} << bits, m = s.n;
  const T *x = s.values(p * m), scale = T(0.3);
  T *y = s.empty(p * m), *z = s.empty(p * m), *scratch = s.empty(p * 128 / sizeof(T));
  std::vector<std::uint32_t> place(p);
  for (std::size_t i = 0; i < p; ++i)
    place[i] = static_cast<std::uint32_t>((5 * i + 3) % p);  // 5 and p: coprime
  k.butterflies(static_cast<int>(bits), place.data(), scale, x, y, 1, m, scratch, false);
  k.butterflies(static_cast<int>(bits), place.data(), scale, x, z, 1, m, scratch, true);
  for (std::size_t a = 0; a < p; ++a)
    for (std::size_t i = 0; i < m; ++i) {
      Real there = 0, back = 0, size = 0, back_size = 0;
      for (std::size_t l = 0; l < p; ++l) {
        const int sign = __builtin_popcountll(a & l) % 2 ? -1 : 1;
        there += sign * Real(x[l * m + i]);
        size += std::abs(Real(x[l * m + i]));
        back += sign * Real(x[place[l] * m + i]);
        back_size += std::abs(Real(x[place[l] * m + i]));
      }
      s.compare(y[place[a] * m + i], scale * there, scale * size);
      s.compare(z[a * m + i], scale * back, scale * back_size);
    }
}

template <class T>
void sums(const Kernels<T>& k, Sample<T>& s) {
  const std::size_t rows = 1 + s.n % 9, ld = s.n + 4;
  const T *x = s.values(rows * ld), *z = s.values(rows * ld), *start = s.values(s.n),
          *factor = s.values(rows);
  T *total = s.copy(start, s.n), *dots = s.empty(rows), *scaled = s.copy(x, rows * ld),
    *filled = s.copy(x, rows * ld);
  const auto view = [&](auto* x_) { return columns_of(contiguous(x_, rows, ld), 0, s.n); };
  k.column_sum(view(x), total);
  k.row_dots(view(x), view(z), dots);
  k.scale_rows(view(scaled), factor);
  k.fill_rows(start, view(filled));
  for (std::size_t i = 0; i < s.n; ++i) {
    Real sum = start[i], size = std::abs(sum);
    for (std::size_t t = 0; t < rows; ++t) {
      sum += x[t * ld + i];
      size += std::abs(Real(x[t * ld + i]));
    }
    s.compare(total[i], sum, size);
  }
  for (std::size_t t = 0; t < rows; ++t) {
    Real sum = 0, size = 0;
    for (std::size_t i = 0; i < ld; ++i) {
      const std::size_t at = t * ld + i;
      if (i >= s.n) {
        if (scaled[at] != x[at] || filled[at] != x[at]) s.fail();
        continue;
      }
      sum += Real(x[at]) * z[at];
      size += std::abs(Real(x[at]) * z[at]);
      s.compare(scaled[at], Real(x[at]) * factor[t], std::abs(Real(x[at]) * factor[t]));
      s.compare(filled[at], start[i], 0);
    }
    s.compare(dots[t], sum, size);
  }
}

#define SPOIL(member, output) Spoiled<T, &Kernels<T>::member, output>::set

}  // namespace

template <class T>
std::vector<Check<T>> row_checks() {
  return {
      {"softmax",
       softmax<T>,
       {SPOIL(softmax, 0), SPOIL(softmax, 2), SPOIL(softmax, 3), SPOIL(softmax_backward, 0),
        SPOIL(softmax_backward, 1)}},
      {"norm", norm<T, false>, {SPOIL(norm, 1), SPOIL(norm, 2), SPOIL(norm, 3), SPOIL(affine, 3)}},
      {"norm_backward",
       norm_backward<T, false>,
       {SPOIL(norm_backward, 4), SPOIL(norm_backward, 5), SPOIL(norm_backward, 6)}},
      {"rms_norm",
       norm<T, true>,
       {SPOIL(rms_norm, 1), SPOIL(rms_norm, 2), SPOIL(rms_norm, 3), SPOIL(affine, 3)}},
      {"rms_norm_backward",
       norm_backward<T, true>,
       {SPOIL(rms_norm_backward, 4), SPOIL(rms_norm_backward, 5)}},
      {"rotate", rotate<T>, {SPOIL(rotate, 0)}},
      {"tube", tube<T>, {SPOIL(tube, 3), SPOIL(tube_gradient, 2)}},
      {"rotate_tree", rotate_tree<T>, {SPOIL(rotate_tree, 3)}},
      {"butterflies", butterflies<T>, {SPOIL(butterflies, 4)}},
      {"row sums",
       sums<T>,
       {SPOIL(column_sum, 1), SPOIL(row_dots, 2), SPOIL(scale_rows, 0), SPOIL(fill_rows, 1)}},
  };
}

template std::vector<Check<float>> row_checks();
template std::vector<Check<double>> row_checks();

}  // namespace tubal::kernel_checks
