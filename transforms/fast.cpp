#include "transforms/fast.hpp"

namespace tubal {
namespace {

// One algorithm in float, another in double.
class ByType final : public Algorithm {
 public:
  ByType(std::unique_ptr<Algorithm> in_float, std::unique_ptr<Algorithm> in_double)
      : float_(std::move(in_float)), double_(std::move(in_double)) {}
  std::string name() const override { return float_->name() + " (double: " + double_->name() + ")"; }
  void apply(Map map, const float* x, float* y, std::size_t T, std::size_t m) const override {
    float_->apply(map, x, y, T, m);
  }
  void apply(Map map, const double* x, double* y, std::size_t T, std::size_t m) const override {
    double_->apply(map, x, y, T, m);
  }

 private:
  std::unique_ptr<Algorithm> float_, double_;
};

}  // namespace

const std::vector<FastScheme>& fast_schemes() {
  // By `benchmark_transforms`. The product wins over FFTW for so long because it runs over slices of width m
  // in vector registers, while FFTW's r2r codelets are scalar; tubes are short in practice (p <= 16).
  static const std::vector<FastScheme> table = {
      {"dct", 256, 96, true, fftw_dct},
      {"dft", 128, 64, true, fftw_dft},
      {"hartley", 192, 64, true, fftw_hartley},
      {"haar", 2, 2, false, haar_lifting},
      {"hadamard", 16, 16, false, hadamard_butterfly},
  };
  return table;
}

bool FastScheme::wins(int p, bool in_double) const {
  int rest = p;
  for (const int prime : {2, 3, 5, 7, 11, 13})
    while (rest % prime == 0) rest /= prime;
  return p >= (in_double ? double_from : float_from) && (!small_factors || rest == 1);
}

std::unique_ptr<Algorithm> faster_algorithm(const std::string& transform, const Matrix& F, const Matrix& I) {
  const int p = static_cast<int>(F.shape(0));
  for (const FastScheme& scheme : fast_schemes()) {
    if (scheme.transform != transform) continue;
    const bool in_float = scheme.wins(p, false), in_double = scheme.wins(p, true);
    if (in_float != in_double)
      return std::make_unique<ByType>(in_float ? scheme.make(p) : matrix_algorithm(F, I),
                                      in_double ? scheme.make(p) : matrix_algorithm(F, I));
    if (in_float) return scheme.make(p);
  }
  return matrix_algorithm(F, I);
}

}  // namespace tubal
