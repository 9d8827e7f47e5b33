#include <algorithm>
#include <tuple>
#include <vector>

#include "transforms/algorithm.hpp"

namespace tubal {

// K rows of y, columns begin .. begin+W-1 of one token [p, m]: every x[l,:] is loaded once for K sums in
// registers.
template <class T, std::size_t K, std::size_t W>
static inline void block(const T* F, const T* x, T* y, std::size_t p, std::size_t m, std::size_t begin) {
  T sum[K][W] = {};
  for (std::size_t l = 0; l < p; ++l) {
    const T* xl = x + l * m + begin;
    for (std::size_t k = 0; k < K; ++k) {
      const T f = F[k * p + l];
#pragma omp simd
      for (std::size_t w = 0; w < W; ++w) sum[k][w] += f * xl[w];
    }
  }
  for (std::size_t k = 0; k < K; ++k) std::copy_n(sum[k], W, y + k * m + begin);
}

// Two vectors of columns at a time, then one, then half a one, then single columns.
template <class T, std::size_t K>
static inline void rows(const T* F, const T* x, T* y, std::size_t p, std::size_t m) {
  constexpr std::size_t W = 64 / sizeof(T);
  std::size_t i = 0;
  for (; i + W <= m; i += W) block<T, K, W>(F, x, y, p, m, i);
  for (; i + W / 2 <= m; i += W / 2) block<T, K, W / 2>(F, x, y, p, m, i);
  for (; i + W / 4 <= m; i += W / 4) block<T, K, W / 4>(F, x, y, p, m, i);
  for (; i < m; ++i) block<T, K, 1>(F, x, y, p, m, i);
}

template <class T>
void matrix_product(const T* F, const T* x, T* y, std::size_t tokens, std::size_t p, std::size_t m) {
  for (std::size_t t = 0; t < tokens; ++t, x += p * m, y += p * m) {
    std::size_t k = 0;
    for (; k + 4 <= p; k += 4) rows<T, 4>(F + k * p, x, y + k * m, p, m);
    for (; k + 2 <= p; k += 2) rows<T, 2>(F + k * p, x, y + k * m, p, m);
    for (; k < p; ++k) rows<T, 1>(F + k * p, x, y + k * m, p, m);
  }
}

template void matrix_product<float>(const float*, const float*, float*, std::size_t, std::size_t,
                                    std::size_t);
template void matrix_product<double>(const double*, const double*, double*, std::size_t, std::size_t,
                                     std::size_t);

namespace {

class MatrixAlgorithm final : public TypedAlgorithm<MatrixAlgorithm> {
 public:
  MatrixAlgorithm(const Matrix& F, const Matrix& I) : p_(F.shape(0)) {
    for (const Matrix& M : {F, I, transposed(F), transposed(I)}) {  // in the order of Map
      std::get<Maps<double>>(maps_).emplace_back(M.begin(), M.end());
      std::get<Maps<float>>(maps_).emplace_back(M.begin(), M.end());
    }
  }
  std::string name() const override { return "matrix"; }
  template <class T>
  void run(Map map, const T* x, T* y, std::size_t tokens, std::size_t m) const {
    matrix_product(std::get<Maps<T>>(maps_)[static_cast<std::size_t>(map)].data(), x, y, tokens, p_, m);
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
