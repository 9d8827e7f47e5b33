// Element-wise and reducing kernels, vectorised; one table per instruction set, chosen when the program
// starts. Arrays are row-major and contiguous unless a leading dimension is given; outputs may be their own
// inputs only where it says "in place". No kernel allocates. NaN and infinity pass through.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/matrix_view.hpp"

namespace tubal {

/// AdamW's numbers for one step (Loshchilov and Hutter 2019), bias corrections taken in.
template <class T>
struct AdamWStep {
  T decay;      // 1 - lr * weight_decay
  T step_size;  // lr / (1 - beta1^t)
  T beta1, beta2;
  T root_bias2;  // 1 / sqrt(1 - beta2^t)
  T eps;
  T clip;  // factor on the gradient
};

/// A plane rotation (c, s) of two rows, each a leaf (a row of the tube) or the sum of
/// another rotation of a tree.
template <class T>
struct TreeRotation {
  std::uint32_t first, second;
  bool first_leaf, second_leaf;
  T c, s;
};

template <class T>
struct Kernels {
  /// Tubes: y[t,k,i] = sum_l F[k,l] x[t,l,i]; x, y [rows, p, m], F [p, p]. x and y must not overlap.
  void (*tube)(const T* F, std::size_t p, const T* x, T* y, std::size_t rows, std::size_t m);
  /// dF[k,l] += sum_{t,i} dy[t,k,i] x[t,l,i].
  void (*tube_gradient)(const T* dy, const T* x, double* dF, std::size_t p, std::size_t rows, std::size_t m);
  /// p - 1 rotations along each tube, children behind their parents: from its halves u, v a node makes its
  /// sum c u + s v and its detail s u - c v. y[0] is the first one's sum, y[1 + i] the detail of the i-th.
  /// `back`: the transpose. The scratch holds p rows of 128 bytes.
  void (*rotate_tree)(const TreeRotation<T>* tree, std::size_t p, const T* x, T* y, std::size_t rows,
                      std::size_t m, T* scratch, bool back);
  /// y[place[k]] = scale sum_l (-1)^popcount(k & l) x[l], k < 2^bits; `back`:
  /// the transpose. Scratch as above.
  void (*butterflies)(int bits, const std::uint32_t* place, T scale, const T* x, T* y, std::size_t rows,
                      std::size_t m, T* scratch, bool back);

  /// Each row of y = bias.
  void (*fill_rows)(const T* bias, MatrixView<T> y);
  /// sum += the rows of y.
  void (*column_sum)(MatrixView<const T> y, T* sum);
  /// y += x.
  void (*add)(const T* x, T* y, std::size_t n);
  /// sum_i x_i^2, in double.
  double (*sum_of_squares)(const T* x, std::size_t n);

  /// g = gelu(h) = h Phi(h), Phi by erf (not the tanh form).
  /// Absolute error of Phi below 1e-7 (float), 5e-15 (double).
  void (*gelu)(const T* h, T* g, std::size_t n);
  /// g = gelu(h); dh *= gelu'(h) = Phi(h) + h phi(h). In place, as the others: g may be h.
  void (*gelu_backward)(const T* h, T* g, T* dh, std::size_t n);
  void (*relu)(const T* h, T* g, std::size_t n);
  void (*relu_backward)(const T* h, T* g, T* dh, std::size_t n);
  /// silu(h) = h s, s = 1 / (1 + exp(-h)); silu' = s (1 + h (1 - s)).
  void (*silu)(const T* h, T* g, std::size_t n);
  void (*silu_backward)(const T* h, T* g, T* dh, std::size_t n);

  /// y = act(h) up, all of y's shape; dh = dy up act'(h), dup = dy act(h), and y again.
  /// In place: y may be dy, dh h, and dup up.
  using Gate = void (*)(MatrixView<const T> h, MatrixView<const T> up, MatrixView<T> y);
  using GateBackward = void (*)(MatrixView<const T> h, MatrixView<const T> up, MatrixView<const T> dy,
                                MatrixView<T> y, MatrixView<T> dh, MatrixView<T> dup);
  Gate geglu;
  GateBackward geglu_backward;
  Gate reglu;
  GateBackward reglu_backward;
  Gate swiglu;
  GateBackward swiglu_backward;

  /// LayerNorm over segments of each row, columns begin[s] .. begin[s+1]: n = (x - mean) rstd, rstd = 1 /
  /// sqrt(var + 1e-5), y = n * gain + bias; x, n, y [rows, d], rstd [rows, segments]. y may be x.
  void (*norm)(const T* x, T* n, T* y, T* rstd, const T* gain, const T* bias, std::size_t rows, std::size_t d,
               const std::size_t* begin, std::size_t segments);
  /// dx = rstd (dn - mean(dn) - n mean(dn n)), dn = dy gain; dgain += dy n,
  /// dbias += dy. In place: dx may be dy.
  void (*norm_backward)(const T* dy, const T* n, const T* rstd, const T* gain, T* dx, T* dgain, T* dbias,
                        std::size_t rows, std::size_t d, const std::size_t* begin, std::size_t segments);
  /// RMSNorm over the same segments: n = x / sqrt(mean(x^2) + 1e-5), y = n * gain; y may be x.
  void (*rms_norm)(const T* x, T* n, T* y, T* rstd, const T* gain, std::size_t rows, std::size_t d,
                   const std::size_t* begin, std::size_t segments);
  /// dx = rstd (dn - n mean(dn n)), dn = dy gain; dgain += dy n. In place: dx may be dy.
  void (*rms_norm_backward)(const T* dy, const T* n, const T* rstd, const T* gain, T* dx, T* dgain,
                            std::size_t rows, std::size_t d, const std::size_t* begin, std::size_t segments);
  /// y = n * gain + bias, rows of d; no bias: null.
  void (*affine)(const T* n, const T* gain, const T* bias, T* y, std::size_t rows, std::size_t d);

  /// In place, each row of x a number of blocks of 2 half: (x_j, x_{j+half}) -> (x_j c - x_{j+half} s,
  /// x_j s + x_{j+half} c) with c, s = cosine, sine[t, j], j < half; `back`: by the transpose.
  void (*rotate)(MatrixView<T> x, std::size_t half, MatrixView<const T> cosine, MatrixView<const T> sine,
                 bool back);

  /// Inverted dropout in place: keep[t,i] in {0,1} drawn from (key, stream, row0 + t), x *= keep * scale.
  /// Dropped with probability threshold / 65536.
  void (*dropout)(T* x, std::uint8_t* keep, std::size_t rows, std::size_t d, std::uint64_t key,
                  std::uint64_t stream, std::uint64_t row0, std::uint32_t threshold, T scale);
  /// y = x * keep * scale.
  void (*dropout_backward)(const T* x, const std::uint8_t* keep, T* y, std::size_t n, T scale);

  /// In place, row by row: s = exp(scale s - max); inverse_sum[t] = 1 / sum, log_sum_exp[t] =
  /// log(sum exp(scale s)).
  void (*softmax)(MatrixView<T> s, T scale, T* inverse_sum, T* log_sum_exp);
  /// P = exp(scale s - log_sum_exp) (into s); dP = P (dP - D[t]) scale, the gradient of the unscaled scores.
  void (*softmax_backward)(MatrixView<T> s, MatrixView<T> dP, const T* log_sum_exp, const T* D, T scale);
  /// Row t of x *= factor[t].
  void (*scale_rows)(MatrixView<T> x, const T* factor);
  /// out[t] = sum_i a[t,i] b[t,i].
  void (*row_dots)(MatrixView<const T> a, MatrixView<const T> b, T* out);

  /// Y = X^T; where Y has more columns than X rows, zeros in them.
  void (*transpose)(MatrixView<const T> X, MatrixView<T> Y);
  /// A row length for n columns: whole packs, an odd number of them, so that rows above one another do not
  /// fall on the same lines of the cache.
  std::size_t (*row_stride)(std::size_t n);
  /// C = start + A B; rows of B, start and C are read and written in whole packs. No start (null): zeros.
  void (*product)(Operand<T> A, MatrixView<const T> B, MatrixView<const T> start, MatrixView<T> C);
  /// C = A B^T; rows of A and B whole packs, zeros in one of them behind the last column.
  void (*row_products)(MatrixView<const T> A, MatrixView<const T> B, MatrixView<T> C);

  /// m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2, w = decay w - step_size m / (sqrt(v)
  /// root_bias2 + eps), with clip g for g.
  void (*adamw)(T* w, T* m, T* v, const T* g, std::size_t n, const AdamWStep<T>& step);
  /// The same with g = 0.
  void (*adamw_no_gradient)(T* w, T* m, T* v, std::size_t n, const AdamWStep<T>& step);

  /// x[i] = scale * normal(first + i) of the RandomStream with this key and stream number (core/random.hpp),
  /// to 4 eps of scale * radius before rounding to T.
  void (*normals)(T* x, std::size_t n, double scale, std::uint64_t key, std::uint64_t stream,
                  std::uint64_t first);
};

/// The table for this processor; TUBAL_KERNELS=avx2 (or avx512) overrides the choice,
/// never beyond the processor.
template <class T>
const Kernels<T>& kernels();
/// "avx512", "avx2", "neon" (64-bit Arm) or "generic".
std::string kernel_set();

/// Every table that this processor runs, by name, for tests and timings.
template <class T>
struct KernelSet {
  std::string name;
  const Kernels<T>* kernels;
};
template <class T>
std::vector<KernelSet<T>> kernel_sets();

}  // namespace tubal
