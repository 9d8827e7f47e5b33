#include "transforms/fast.hpp"

namespace tubal {

const std::vector<FastScheme>& fast_schemes() {
  // from_p: the p from which the scheme wins in float and double, by `benchmark_transforms` on one core with
  // AVX2. Nanoseconds a token, forward and inverse, m = 64 (float product / scheme, double product / scheme):
  //   dct      p = 128: 48k / 100k, 116k / 114k    p = 256: 231k / 180k, 386k / 202k
  //   dft      p =  64: 12k /  15k,  25k /  22k    p = 128:  47k /  45k, 122k /  62k
  //   hartley  p = 128: 46k /  71k, 121k / 119k    p = 256: 231k / 185k, 457k / 254k
  //   haar     p =   8: .27k / .28k, .84k / .50k   p =  16: .84k / .56k, 2.3k / 1.1k
  //   hadamard p =   8: .27k / .32k, .76k / .58k   p =  16: .82k / .76k, 2.2k / 1.4k
  // The product wins for so long because it runs over slices of width m in vector registers, while FFTW's r2r
  // codelets are scalar; tubes are short in practice (p <= 16).
  static const std::vector<FastScheme> table = {
      {"dct", 256, fftw_dct},
      {"dft", 128, fftw_dft},
      {"hartley", 256, fftw_hartley},
      {"haar", 8, haar_lifting},
      {"hadamard", 16, hadamard_butterfly},
  };
  return table;
}

std::unique_ptr<Algorithm> faster_algorithm(const std::string& transform, int p) {
  for (const FastScheme& scheme : fast_schemes())
    if (scheme.transform == transform && p >= scheme.from_p) return scheme.make(p);
  return nullptr;
}

}  // namespace tubal
