#include <tuple>
#include <vector>

#include "core/kernels.hpp"
#include "transforms/algorithm.hpp"

namespace tubal {
namespace {

class MatrixAlgorithm final : public TypedAlgorithm<MatrixAlgorithm> {
 public:
  MatrixAlgorithm(const Matrix& F, const Matrix& I) : p_(F.shape(0)) {
    for (const Matrix& M : {F, I, transposed(F), transposed(I)}) {  // in the order of Map
      std::get<Maps<double>>(maps_).emplace_back(M.begin(), M.end());
      std::get<Maps<float>>(maps_).emplace_back(M.begin(), M.end());
    }
  }
  std::string name() const override { return "p x p product"; }
  template <class T>
  void run(Map map, const T* x, T* y, std::size_t tokens, std::size_t m) const {
    kernels<T>().tube(std::get<Maps<T>>(maps_)[static_cast<std::size_t>(map)].data(), p_, x, y, tokens, m);
  }

 private:
  template <class T>
  using Maps = std::vector<std::vector<T>>;
  std::size_t p_;
  std::tuple<Maps<float>, Maps<double>> maps_;
};

}  // namespace

std::unique_ptr<Algorithm> matrix_algorithm(const Matrix& F, const Matrix& I) {
  return std::make_unique<MatrixAlgorithm>(F, I);
}

}  // namespace tubal
