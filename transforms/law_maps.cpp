// The laws of a plan's four maps, in float and double.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include "transforms/algorithm.hpp"
#include "transforms/law_checks.hpp"

namespace tubal {
namespace {

// Batches [3, p, 29]: in either type the width holds every vector length that the
// product has, and a remainder.
constexpr std::size_t tokens = 3, width = 29;

template <class T>
using Batch = std::vector<T>;

template <class T>
double distance(Batch<T> x, const Batch<T>& y) {
  for (std::size_t i = 0; i < x.size(); ++i) x[i] -= y[i];
  return norm(x);
}

}  // namespace

template <class T>
std::vector<T> apply_guarded(LawTable& table, const TransformPlan& L, Map map, const std::vector<T>& x,
                             std::size_t tokens, std::size_t m) {
  constexpr std::size_t guard = 64;
  const std::size_t n = x.size();
  std::vector<T> in(x), out(n + guard, T(-7.5));
  in.resize(n + guard, T(-7.5));
  const std::vector<T> before(in);
  std::fill_n(out.begin(), n, std::numeric_limits<T>::quiet_NaN());  // what is not written shows
  switch (map) {
    case Map::forward:
      L.forward(in.data(), out.data(), tokens, m);
      break;
    case Map::inverse:
      L.inverse(in.data(), out.data(), tokens, m);
      break;
    case Map::forward_adjoint:
      L.forward_adjoint(in.data(), out.data(), tokens, m);
      break;
    case Map::inverse_adjoint:
      L.inverse_adjoint(in.data(), out.data(), tokens, m);
      break;
  }
  const auto strays = std::count_if(out.begin() + static_cast<std::ptrdiff_t>(n), out.end(),
                                    [](T v) { return v != T(-7.5); });
  table.note(
      "writes to its output alone",
      static_cast<double>(strays) + (std::memcmp(in.data(), before.data(), in.size() * sizeof(T)) ? 1 : 0),
      0);
  out.resize(n);
  return out;
}

template <class T>
void check_maps(LawTable& c, const TransformPlan& L, SeededNumbers& random) {
  const std::string type = sizeof(T) == sizeof(float) ? "float" : "double";
  const std::size_t p = L.p(), n = tokens * p * width;
  const Matrix &F = L.forward_matrix(), &I = L.inverse_matrix();
  const double eps = std::numeric_limits<T>::epsilon(), f = frobenius(F), i = frobenius(I),
               unit = 8 * eps * std::sqrt(p);
  const auto run = [&](Map map, const Batch<T>& from) {
    return apply_guarded(c, L, map, from, tokens, width);
  };
  Batch<T> x(n), y(n), z(n);
  for (T& v : x) v = static_cast<T>(random.normal());
  for (T& v : y) v = static_cast<T>(random.normal());

  for (const auto& [there, back] : {std::pair{Map::forward, Map::inverse},
                                    {Map::inverse, Map::forward},
                                    {Map::forward_adjoint, Map::inverse_adjoint}})
    c.note("inverse, " + type, distance(run(back, run(there, x)), x) / norm(x), unit * f * i);
  for (const auto& [there, back, size] :
       {std::tuple{Map::forward, Map::forward_adjoint, f}, {Map::inverse, Map::inverse_adjoint, i}})
    c.note("adjoint, " + type, std::abs(dot(run(there, x), y) - dot(x, run(back, y))) / (norm(x) * norm(y)),
           unit * size);

  const std::array<Matrix, 4> matrices = {F, I, transposed(F), transposed(I)};  // in the order of Map
  for (int map = 0; map < 4; ++map) {
    const double size = map % 2 ? i : f;
    for (std::size_t k = 0; k < n; ++k) z[k] = T(2) * x[k] - T(3) * y[k];
    const Batch<T> fx = run(Map(map), x), fy = run(Map(map), y);
    Batch<T> sum(n);
    for (std::size_t k = 0; k < n; ++k) sum[k] = T(2) * fx[k] - T(3) * fy[k];
    c.note("linearity, " + type, distance(run(Map(map), z), sum) / (2 * norm(x) + 3 * norm(y)), unit * size);

    const Batch<double> wide(x.begin(), x.end()), found(fx.begin(), fx.end());
    Batch<double> expected(n, 0.0);
    for (std::size_t t = 0; t < tokens; ++t)
      for (std::size_t k = 0; k < p; ++k)
        for (std::size_t l = 0; l < p; ++l)
          for (std::size_t j = 0; j < width; ++j)
            expected[(t * p + k) * width + j] += matrices[map](k, l) * wide[(t * p + l) * width + j];
    c.note("application = matrix, " + type, distance(found, expected) / norm(x), unit * size);

    // Counts numbers that are not finite, from denormals and from values near the end of the
    // range, and a NaN that is lost.
    const T tiny = std::numeric_limits<T>::denorm_min() * 1000,
            huge = std::numeric_limits<T>::max() / static_cast<T>(1e6 * (1 + size));
    for (const T value : {tiny, huge}) {
      for (std::size_t k = 0; k < n; ++k) z[k] = x[k] > 0 ? value : -value;
      const Batch<T> out = run(Map(map), z);
      const auto lost = std::count_if(out.begin(), out.end(), [](T v) { return !std::isfinite(v); });
      c.note("finite on denormals and large values", static_cast<double>(lost), 0);
    }
    z = x;
    z[n / 2] = std::numeric_limits<T>::quiet_NaN();
    const Batch<T> out = run(Map(map), z);
    c.note("a NaN comes through",
           std::any_of(out.begin(), out.end(), [](T v) { return std::isnan(v); }) ? 0 : 1, 0);
  }
}

template std::vector<double> apply_guarded(LawTable&, const TransformPlan&, Map, const std::vector<double>&,
                                           std::size_t, std::size_t);
template void check_maps<float>(LawTable&, const TransformPlan&, SeededNumbers&);
template void check_maps<double>(LawTable&, const TransformPlan&, SeededNumbers&);

}  // namespace tubal
