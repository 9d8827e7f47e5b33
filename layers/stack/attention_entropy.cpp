#include <algorithm>
#include <cmath>
#include <vector>

#include "core/blas.hpp"
#include "core/kernels.hpp"
#include "layers/stack/attention_head.hpp"

namespace tubal {

// H = log(sum_j exp t_j) - sum_j P_j t_j with t = q k^T / sqrt(e), for a few rows of Q at a time.
template <class T>
double attention_entropy(const AttentionShape& s, MatrixView<const T> Q, MatrixView<const T> K) {
  const T scale = T(1) / std::sqrt(static_cast<T>(s.e));
  const std::size_t step = std::min<std::size_t>(s.queries, 64), n = s.keys;
  std::vector<T> S(step * n), P(step * n);
  double sum = 0;
  for (std::size_t i = 0; i < s.queries; i += step) {
    const std::size_t rows = std::min(step, s.queries - i);
    gemm(false, true, rows, n, s.e, T(1), Q.data + i * Q.stride, Q.stride, K.data, K.stride, T(0), S.data(),
         n);
    P = S;
    for (std::size_t t = 0; t < rows; ++t) {
      const std::size_t keys = s.causal ? n - s.queries + i + t + 1 : n;
      T inverse_sum, log_sum_exp, dot;
      T* row = P.data() + t * n;
      kernels<T>().softmax(row, 1, keys, n, scale, &inverse_sum, &log_sum_exp);  // P up to inverse_sum
      kernels<T>().row_dots(row, n, S.data() + t * n, n, &dot, 1, keys);
      const double H = static_cast<double>(log_sum_exp) - static_cast<double>(inverse_sum) *
                                                              static_cast<double>(scale) *
                                                              static_cast<double>(dot);
      sum += H < 0 ? 0 : H;  // rounding; NaN stays
    }
  }
  return sum;
}

template double attention_entropy(const AttentionShape&, MatrixView<const float>, MatrixView<const float>);
template double attention_entropy(const AttentionShape&, MatrixView<const double>, MatrixView<const double>);

}  // namespace tubal
