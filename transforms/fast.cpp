#include "transforms/fast.hpp"

namespace tubal {

const std::vector<FastScheme>& fast_schemes() {
  // By `benchmark_transforms`, with the kernels for AVX-512. FFTW wins late: its r2r codelets are scalar, and
  // the product runs over the slice's width in vector registers.
  static const std::vector<FastScheme> table = {
      {"dct", {{32, 512, 256}, {16, 256, 256}, {0, 256, 128}}, true, fftw_dct},
      {"dft", {{32, 256, 128}, {16, 128, 128}, {0, 128, 64}}, true, fftw_dft},
      {"hartley", {{32, 256, 256}, {16, 128, 256}, {0, 128, 128}}, true, fftw_hartley},
      {"haar", {{16, 8, 8}, {0, 4, 8}}, false, haar_lifting},
      {"hadamard", {{32, 16, 16}, {16, 8, 16}, {0, 8, 8}}, false, hadamard_butterfly},
  };
  return table;
}

bool FastScheme::wins(int p, std::size_t m, std::size_t scalar_size) const {
  int rest = p;
  for (const int prime : {2, 3, 5, 7, 11, 13})
    while (rest % prime == 0) rest /= prime;
  if (small_factors && rest > 1) return false;
  for (const From& f : from)
    if (m >= f.m) return p >= (scalar_size == sizeof(float) ? f.in_float : f.in_double);
  return false;
}

void add_fast_scheme(const std::string& transform, PlanParts& parts) {
  const int p = static_cast<int>(parts.forward.shape(0));
  for (const FastScheme& scheme : fast_schemes()) {
    if (scheme.transform != transform) continue;
    bool ever = false;
    for (const FastScheme::From& f : scheme.from)
      for (const std::size_t size : {sizeof(float), sizeof(double)}) ever = ever || scheme.wins(p, f.m, size);
    if (!ever) return;
    parts.scheme = scheme.make(p);
    parts.scheme_wins = [&scheme, p](std::size_t m, std::size_t size) { return scheme.wins(p, m, size); };
  }
}

}  // namespace tubal
