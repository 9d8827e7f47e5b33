#include "layers/stack/attention_head.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/blas.hpp"
#include "core/kernels.hpp"

namespace tubal {

namespace {

// Rows of scores at a time: few enough that both score matrices of the backward pass stay in the first two
// caches, enough that dK and dV, to which each such block adds, are seldom read and written again.
constexpr std::size_t rows_at_a_time = 56;

// Which keys a query sees: all, or of a causal one keys 0 .. own(i) - 1.
struct Mask {
  bool causal;
  std::size_t queries, keys;

  std::size_t own(std::size_t i) const { return keys - queries + i + 1; }
  // Keys that queries up to the last-th see, in whole packs where there are more.
  std::size_t seen(std::size_t last, std::size_t pack) const {
    return causal ? std::min(keys, (own(last) + pack - 1) / pack * pack) : keys;
  }
  // What a query may not see has no weight; the first row of S is query `first`.
  template <class T>
  void hide(std::size_t first, MatrixView<T> S) const {
    if (!causal) return;
    for (std::size_t t = 0; t < S.rows; ++t) {
      T* row = S.data + t * S.stride;
      std::fill(row + std::min(own(first + t), S.columns), row + S.columns,
                -std::numeric_limits<T>::infinity());
    }
  }
};

template <class T>
void check_shapes(MatrixView<const T> Q, MatrixView<const T> K, MatrixView<const T> V,
                  MatrixView<const T> O) {
  const MatrixView<const T> P{nullptr, Q.rows, K.rows, 0};
  check_product<T>(Q, transposed(K), P);
  check_product<T>(P, V, O);
}

// Matrices one behind the other.
template <class T>
class Pages {
 public:
  explicit Pages(T* memory) : next_(memory) {}
  MatrixView<T> take(std::size_t rows, std::size_t columns) {
    const MatrixView<T> page = contiguous(next_, rows, columns);
    next_ += rows * columns;
    return page;
  }

 private:
  T* next_;
};

// A token that is written sees all keys: K and V are read once, where they lie.
template <class T>
void one_query(MatrixView<const T> q, MatrixView<const T> K, MatrixView<const T> V, MatrixView<T> o,
               T* log_sum_exp, T* scratch) {
  const Kernels<T>& kernel = kernels<T>();
  const MatrixView<T> scores = contiguous(scratch, 1, K.rows);
  T inverse_sum;
  const bool whole = q.columns % kernel.row_stride(1) == 0;
  if (whole) {
    kernel.row_products(q, K, scores);
  } else {
    std::fill(scores.data, scores.data + K.rows, T(0));
    gemv(MatrixView<const T>(K), q.data, scores.data);
  }
  kernel.softmax(scores, T(1) / std::sqrt(static_cast<T>(q.columns)), &inverse_sum, log_sum_exp);
  if (whole) {
    kernel.product(scores, V, {}, o);
  } else {
    std::fill(o.data, o.data + o.columns, T(0));
    gemv(transposed(V), scores.data, o.data);
  }
  kernel.scale_rows(o, &inverse_sum);
}

}  // namespace

template <class T>
std::size_t attention_scratch(std::size_t keys, std::size_t e) {
  return (2 * rows_at_a_time + 4 * e) * kernels<T>().row_stride(keys);
}

template <class T>
void attention_forward(bool causal, MatrixView<const T> Q, MatrixView<const T> K, MatrixView<const T> V,
                       MatrixView<T> O, T* log_sum_exp, T* scratch) {
  check_shapes<T>(Q, K, V, O);
  const Kernels<T>& kernel = kernels<T>();
  const Mask mask{causal, Q.rows, K.rows};
  const std::size_t e = Q.columns, pack = kernel.row_stride(1), ld = kernel.row_stride(K.rows);
  const T scale = T(1) / std::sqrt(static_cast<T>(e));
  const bool whole = e % pack == 0;  // else V's rows are no whole packs, but V^T's are
  Pages<T> pages(scratch);
  const MatrixView<T> scores = pages.take(rows_at_a_time, ld), Kt = pages.take(e, ld), Vt = pages.take(e, ld);
  T inverse_sum[rows_at_a_time];
  if (Q.rows == 1) return one_query<T>(Q, K, V, O, log_sum_exp, scratch);
  kernel.transpose(K, Kt);
  if (!whole) kernel.transpose(V, Vt);
  for (std::size_t i = 0; i < Q.rows; i += rows_at_a_time) {
    const std::size_t rows = std::min(rows_at_a_time, Q.rows - i), n = mask.seen(i + rows - 1, pack);
    const MatrixView<T> S = columns_of(rows_of(scores, 0, rows), 0, n), o = rows_of(O, i, rows);
    kernel.product(rows_of(Q, i, rows), columns_of(Kt, 0, n), {}, S);
    mask.hide(i, S);
    kernel.softmax(S, scale, inverse_sum, log_sum_exp + i);
    if (whole)
      kernel.product(S, rows_of(V, 0, n), {}, o);
    else
      kernel.row_products(S, columns_of(Vt, 0, n), o);
    kernel.scale_rows(o, inverse_sum);
  }
}

// With P = softmax(S / sqrt(e)), O = P V: dV = P^T dO, dP = dO V^T, dS = P (dP - rowsum(dO O)) / sqrt(e),
// dQ = dS K, dK = dS^T Q.
template <class T>
void attention_backward(bool causal, MatrixView<const T> Q, MatrixView<const T> K, MatrixView<const T> V,
                        MatrixView<const T> O, MatrixView<const T> dO, const T* log_sum_exp, MatrixView<T> dQ,
                        MatrixView<T> dK, MatrixView<T> dV, T* scratch) {
  check_shapes<T>(Q, K, V, O);
  check_shapes<T>(dQ, dK, dV, dO);
  const Kernels<T>& kernel = kernels<T>();
  const Mask mask{causal, Q.rows, K.rows};
  const std::size_t e = Q.columns, pack = kernel.row_stride(1), ld = kernel.row_stride(K.rows);
  const T scale = T(1) / std::sqrt(static_cast<T>(e));
  const bool whole = e % pack == 0;
  Pages<T> pages(scratch);
  const MatrixView<T> scores = pages.take(rows_at_a_time, ld), gradients = pages.take(rows_at_a_time, ld),
                      Kt = pages.take(e, ld), Vt = pages.take(e, ld), dKt = pages.take(e, ld),
                      dVt = pages.take(e, ld);
  T D[rows_at_a_time];
  kernel.transpose(K, Kt);
  kernel.transpose(V, Vt);
  if (causal)  // blocks of queries reach further and further
    std::fill(dKt.data, dKt.data + 2 * e * ld, T(0));
  for (std::size_t i = 0; i < Q.rows; i += rows_at_a_time) {
    const std::size_t rows = std::min(rows_at_a_time, Q.rows - i), n = mask.seen(i + rows - 1, pack);
    const MatrixView<const T> q = rows_of(Q, i, rows), dO_i = rows_of(dO, i, rows), none;
    const MatrixView<T> S = columns_of(rows_of(scores, 0, rows), 0, n),
                        dS = columns_of(rows_of(gradients, 0, rows), 0, n), dq = rows_of(dQ, i, rows),
                        dKn = columns_of(dKt, 0, n), dVn = columns_of(dVt, 0, n);
    const bool more = i > 0 || causal;
    kernel.row_dots(dO_i, rows_of(O, i, rows), D);
    kernel.product(q, columns_of(Kt, 0, n), none, S);
    mask.hide(i, S);
    kernel.product(dO_i, columns_of(Vt, 0, n), none, dS);
    kernel.softmax_backward(S, dS, log_sum_exp + i, D, scale);
    kernel.product(transposed(dO_i), S, more ? MatrixView<const T>(dVn) : none, dVn);
    kernel.product(transposed(q), dS, more ? MatrixView<const T>(dKn) : none, dKn);
    if (whole)
      kernel.product(dS, rows_of(K, 0, n), none, dq);
    else
      kernel.row_products(dS, columns_of(Kt, 0, n), dq);
  }
  kernel.transpose(columns_of(dKt, 0, K.rows), dK);
  kernel.transpose(columns_of(dVt, 0, K.rows), dV);
}

#define TUBAL_INSTANTIATE(T)                                                                            \
  template std::size_t attention_scratch<T>(std::size_t, std::size_t);                                  \
  template void attention_forward(bool, MatrixView<const T>, MatrixView<const T>, MatrixView<const T>,  \
                                  MatrixView<T>, T*, T*);                                               \
  template void attention_backward(bool, MatrixView<const T>, MatrixView<const T>, MatrixView<const T>, \
                                   MatrixView<const T>, MatrixView<const T>, const T*, MatrixView<T>,   \
                                   MatrixView<T>, MatrixView<T>, T*);
TUBAL_INSTANTIATE(float)
TUBAL_INSTANTIATE(double)
#undef TUBAL_INSTANTIATE

}  // namespace tubal
