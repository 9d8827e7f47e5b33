// Walsh-Hadamard by log2(p) passes of (u + v, u - v);
// sequency order by a permutation of rows at the spectral end.
#include <bit>
#include <cmath>

#include "core/kernels.hpp"
#include "transforms/fast.hpp"
#include "transforms/hadamard.hpp"
#include "transforms/scratch.hpp"

namespace tubal {
namespace {

class HadamardButterfly final : public TypedAlgorithm<HadamardButterfly> {
 public:
  explicit HadamardButterfly(int p)
      : bits_(std::countr_zero(static_cast<unsigned>(p))),
        scale_(1 / std::sqrt(static_cast<double>(p))),
        place_(p) {
    for (unsigned k = 0; k < place_.size(); ++k) place_[sylvester_row(k, bits_)] = k;
  }
  std::string name() const override { return "butterflies"; }
  template <class T>
  void run(Map map, const T* x, T* y, std::size_t tokens, std::size_t m) const {
    // Orthogonal; Sylvester's matrix is symmetric.
    const bool back = map == Map::inverse || map == Map::forward_adjoint;
    kernels<T>().butterflies(bits_, place_.data(), static_cast<T>(scale_), x, y, tokens, m,
                             scheme_scratch<T>(place_.size()), back);
  }

 private:
  int bits_;
  double scale_;
  std::vector<std::uint32_t> place_;  // of Sylvester's row in ours
};

}  // namespace

std::unique_ptr<Algorithm> hadamard_butterfly(int p) { return std::make_unique<HadamardButterfly>(p); }

}  // namespace tubal
