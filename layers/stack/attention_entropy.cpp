#include <algorithm>
#include <cmath>
#include <vector>

#include "core/blas.hpp"
#include "core/kernels.hpp"
#include "layers/stack/attention_head.hpp"

namespace tubal {

// H = log(sum_j exp t_j) - sum_j P_j t_j with t = q k^T / sqrt(e), for a few rows of Q at a time.
template <class T>
double attention_entropy(bool causal, MatrixView<const T> Q, MatrixView<const T> K) {
  const T scale = T(1) / std::sqrt(static_cast<T>(Q.columns));
  const std::size_t step = std::min<std::size_t>(Q.rows, 64), n = K.rows;
  std::vector<T> scores(step * n), weights(step * n);
  double sum = 0;
  for (std::size_t i = 0; i < Q.rows; i += step) {
    const std::size_t rows = std::min(step, Q.rows - i);
    gemm(T(1), rows_of(Q, i, rows), transposed(K), T(0), contiguous(scores.data(), rows, n));
    weights = scores;
    for (std::size_t t = 0; t < rows; ++t) {
      const std::size_t keys = causal ? n - Q.rows + i + t + 1 : n;
      const MatrixView<T> S = contiguous(scores.data() + t * n, 1, keys),
                          P = contiguous(weights.data() + t * n, 1, keys);
      T inverse_sum, log_sum_exp, dot;
      kernels<T>().softmax(P, scale, &inverse_sum, &log_sum_exp);  // P up to inverse_sum
      kernels<T>().row_dots(P, S, &dot);
      const double H = static_cast<double>(log_sum_exp) - static_cast<double>(inverse_sum) *
                                                              static_cast<double>(scale) *
                                                              static_cast<double>(dot);
      sum += H < 0 ? 0 : H;  // rounding; NaN stays
    }
  }
  return sum;
}

template double attention_entropy(bool, MatrixView<const float>, MatrixView<const float>);
template double attention_entropy(bool, MatrixView<const double>, MatrixView<const double>);

}  // namespace tubal
