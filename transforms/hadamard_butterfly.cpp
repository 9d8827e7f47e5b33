// Walsh-Hadamard by log2(p) passes of (u + v, u - v); sequency order by a permutation of rows at the spectral
// end.
#include <bit>
#include <cmath>

#include "transforms/fast.hpp"
#include "transforms/hadamard.hpp"
#include "transforms/scratch.hpp"

namespace tubal {
namespace {

class HadamardButterfly final : public TypedAlgorithm<HadamardButterfly> {
 public:
  explicit HadamardButterfly(int p) : p_(p), scale_(1 / std::sqrt(static_cast<double>(p))) {
    for (int k = 0; k < p; ++k) row_.push_back(sylvester_row(k, std::countr_zero(static_cast<unsigned>(p))));
  }
  std::string name() const override { return "butterfly"; }
  template <class T>
  void run(Map map, const T* x, T* y, std::size_t tokens, std::size_t m) const {
    const bool there =
        map == Map::forward || map == Map::inverse_adjoint;  // orthogonal; Sylvester's matrix is symmetric
    const T scale = static_cast<T>(scale_);
    T* u = scratch<T>(p_ * m);
    for (std::size_t t = 0; t < tokens; ++t, x += p_ * m, y += p_ * m) {
      T* work = there ? u : y;
      for (std::size_t k = 0; k < p_; ++k) {
        const T* from = x + k * m;
        T* to = work + (there ? k : row_[k]) * m;
#pragma omp simd
        for (std::size_t j = 0; j < m; ++j) to[j] = scale * from[j];
      }
      for (std::size_t h = 1; h < p_; h *= 2)
        for (std::size_t block = 0; block < p_; block += 2 * h)
          butterflies(work + block * m, work + (block + h) * m, h * m);
      if (there)
        for (std::size_t k = 0; k < p_; ++k) std::copy_n(work + row_[k] * m, m, y + k * m);
    }
  }

 private:
  template <class T>
  static void butterflies(T* u, T* v, std::size_t n) {
#pragma omp simd
    for (std::size_t j = 0; j < n; ++j) {
      const T a = u[j], b = v[j];
      u[j] = a + b, v[j] = a - b;
    }
  }
  std::size_t p_;
  double scale_;
  std::vector<unsigned> row_;
};

}  // namespace

std::unique_ptr<Algorithm> hadamard_butterfly(int p) { return std::make_unique<HadamardButterfly>(p); }

}  // namespace tubal
