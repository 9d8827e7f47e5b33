#include <algorithm>
#include <cmath>

#include "core/blas.hpp"
#include "core/kernels.hpp"
#include "layers/attention.hpp"

namespace tubal {

// H = log(sum_j exp t_j) - sum_j P_j t_j with t = q k^T / sqrt(e), for a few rows of Q at a time.
template <class T>
double attention_entropy(std::size_t n, std::size_t e, Rows<const T> Q, Rows<const T> K,
                         AttentionScratch<T>& scratch) {
  const T scale = T(1) / std::sqrt(static_cast<T>(e));
  const std::size_t step = std::min<std::size_t>(n, 64);
  scratch.scores.reserve(2 * step * n + 3 * step);
  T *S = scratch.scores.data(), *P = S + step * n, *inverse_sum = P + step * n,
    *log_sum_exp = inverse_sum + step, *dot = log_sum_exp + step;
  double sum = 0;
  for (std::size_t i = 0; i < n; i += step) {
    const std::size_t rows = std::min(step, n - i);
    gemm(false, true, rows, n, e, T(1), Q.data + i * Q.stride, Q.stride, K.data, K.stride, T(0), S, n);
    std::copy(S, S + rows * n, P);
    kernels<T>().softmax(P, rows, n, n, scale, inverse_sum, log_sum_exp);  // P up to inverse_sum
    kernels<T>().row_dots(P, n, S, n, dot, rows, n);
    for (std::size_t t = 0; t < rows; ++t) {
      const double H = static_cast<double>(log_sum_exp[t]) - static_cast<double>(inverse_sum[t]) *
                                                                 static_cast<double>(scale) *
                                                                 static_cast<double>(dot[t]);
      sum += H < 0 ? 0 : H;  // rounding; NaN stays
    }
  }
  return sum;
}

template double attention_entropy(std::size_t, std::size_t, Rows<const float>, Rows<const float>,
                                  AttentionScratch<float>&);
template double attention_entropy(std::size_t, std::size_t, Rows<const double>, Rows<const double>,
                                  AttentionScratch<double>&);

}  // namespace tubal
