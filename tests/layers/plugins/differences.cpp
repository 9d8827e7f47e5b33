// F = I - S / 2, S the shift to the next slice: y[k] = x[k] - x[k-1] / 2. Not orthogonal, so that its four
// maps differ, and each is one pass along the tube. With OWN_APPLICATION the plug-in brings them, and counts
// its calls by map; without, the host multiplies by the matrix.
#include <array>
#include <atomic>

#include "transforms/plugin.h"

namespace {

std::array<std::atomic<long>, 4> calls;

int matrix(void*, int p, const double*, double* F, double*, double* scale, char*, size_t) {
  for (int k = 0; k < p; ++k)
    for (int l = 0; l < p; ++l) F[k * p + l] = k == l ? 1 : k == l + 1 ? -0.5 : 0;
  *scale = p == 1;
  return 0;
}

// Forward and inverse go down the tube, the adjoints up; an inverse reads what it has made.
template <class T>
int apply(void*, int p, int map, const T* x, T* y, size_t tokens, size_t m) {
  ++calls[static_cast<std::size_t>(map)];
  const bool up = map >= 2, inverse = map % 2 == 1;
  const std::ptrdiff_t row = static_cast<std::ptrdiff_t>(m), before = up ? row : -row;
  for (size_t t = 0; t < tokens; ++t, x += p * row, y += p * row)
    for (int i = 0; i < p; ++i) {
      const std::ptrdiff_t k = (up ? p - 1 - i : i) * row;
      for (std::ptrdiff_t j = k; j < k + row; ++j) {
        const T other = i == 0 ? T(0) : (inverse ? y : x)[j + before] / 2;
        y[j] = inverse ? x[j] + other : x[j] - other;
      }
    }
  return 0;
}

}  // namespace

extern "C" TUBAL_PLUGIN_EXPORT long differences_calls(int map) {
  return calls[static_cast<std::size_t>(map)];
}

extern "C" TUBAL_PLUGIN_EXPORT const tubal_transform* tubal_plugin(void) {
  static tubal_transform t = {};
  t.version = TUBAL_PLUGIN_VERSION;
  t.size = sizeof t;
  t.matrix = matrix;
#ifdef OWN_APPLICATION
  t.name = "differences_own";
  t.apply_float = apply<float>;
  t.apply_double = apply<double>;
#else
  t.name = "differences_none";
#endif
  return &t;
}
