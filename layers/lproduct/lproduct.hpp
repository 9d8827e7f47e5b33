// The algebra of the L-product over third-order tensors, for any transform plan.
//
// A is [rows, columns, p] as in the literature: A[i,j,:] is a tube, A[:,:,l] a frontal slice. L acts
// along the tubes, face k of the spectral domain is the matrix Ahat_k, and A *_L B = L^-1( Ahat_k Bhat_k
// for every k ). Tensors are real (float or double). A complex L of real input keeps one bin of each
// conjugate pair, so its results are real by construction; a complex face stands for two bins and counts
// twice in norms and energies.
//
// Sources: Kernfeld, Kilmer, Aeron (2015) for the algebra; Kilmer, Horesh, Avron, Newman (2021) for t-SVD and
// truncation. Where L^H L = l I (`L.scale()` = l > 0) these hold and are tested:
//   |A|_F^2 = (1/l) sum_k |Ahat_k|_F^2     |A|_2 = max_k |Ahat_k|_2     |A|_* = (1/l) sum_k |Ahat_k|_*
//
// Every function throws UsageError for shapes that do not fit and for empty tensors; the factorisations also
// for NaN and infinity, naming the face.
#pragma once
#include <complex>
#include <vector>

#include "core/tensor.hpp"
#include "transforms/transform.hpp"

namespace tubal::lproduct {

/// The spectral domain: one matrix a stored slice, in the order of L.slices() (real ones first).
template <class T>
struct Faces {
  std::vector<Tensor<T, 2>> real;
  std::vector<Tensor<std::complex<T>, 2>> complex;
  std::size_t size() const { return real.size() + complex.size(); }
};

/// Ahat = L(A), and back.
template <class T>
Faces<T> to_spectral(const TransformPlan& L, const Tensor<T, 3>& A);
template <class T>
Tensor<T, 3> to_original(const TransformPlan& L, const Faces<T>& A);

/// Ahat_k Bhat_k for every face k: [n, q] by [q, r].
template <class T>
Faces<T> facewise_product(const Faces<T>& A, const Faces<T>& B);

/// A *_L B: [n, q, p] by [q, r, p] gives [n, r, p].
template <class T>
Tensor<T, 3> product(const TransformPlan& L, const Tensor<T, 3>& A, const Tensor<T, 3>& B);
/// The same for each member of a batch, [batch, n, q, p] by [batch, q, r, p];
/// a batch of one meets all of the other.
template <class T>
Tensor<T, 4> product(const TransformPlan& L, const Tensor<T, 4>& A, const Tensor<T, 4>& B);

/// The L-identity [n, n, p]: every face is I, so its diagonal tubes are L^-1 1.
template <class T>
Tensor<T, 3> identity(const TransformPlan& L, std::size_t n);
/// A^H [columns, rows, p]: the conjugate transpose of every face.
/// (For a real L the transpose of every frontal slice.)
template <class T>
Tensor<T, 3> conjugate_transpose(const TransformPlan& L, const Tensor<T, 3>& A);
/// X with A *_L X = X *_L A = I. A face singular to working precision is a UsageError that
/// names it with its condition.
template <class T>
Tensor<T, 3> inverse(const TransformPlan& L, const Tensor<T, 3>& A);
/// max |Q_k^H Q_k - I| over all faces k and entries: 0 where the columns of Q are orthonormal under *_L.
template <class T>
double orthogonality_error(const TransformPlan& L, const Tensor<T, 3>& Q);
/// Q square with an orthogonality error of at most `tolerance` (0: 1e-10 in double, 1e-4 in float).
template <class T>
bool is_orthogonal(const TransformPlan& L, const Tensor<T, 3>& Q, double tolerance = 0);

/// sqrt of the sum of squares, in the original domain: needs no transform.
template <class T>
double frobenius_norm(const Tensor<T, 3>& A);
/// sum_k |Ahat_k|_F^2 with complex faces twice: l |A|_F^2 where L has the scale l.
template <class T>
double energy(const Faces<T>& A);
/// The operator norm of B -> A *_L B, and its dual. UsageError where L has no scale:
/// there they are not what the faces say.
template <class T>
double spectral_norm(const TransformPlan& L, const Tensor<T, 3>& A);
template <class T>
double nuclear_norm(const TransformPlan& L, const Tensor<T, 3>& A);

enum class Form { economic, full };

/// A = Q *_L R. Economic: Q [n, min(n,q), p], R [min(n,q), q, p]; full: Q [n, n, p], R [n, q, p]. The faces
/// of R are upper triangular with a real diagonal >= 0, which makes a factorisation of full rank unique.
template <class T>
struct Qr {
  Tensor<T, 3> Q, R;
};
template <class T>
Qr<T> qr(const TransformPlan& L, const Tensor<T, 3>& A, Form form = Form::economic);

/// A = U *_L S *_L V^H, the faces of S diagonal. Economic: U [n, s, p], S [s, s, p], V [q, s, p] with s =
/// min(n,q); full: U [n, n, p], S [n, q, p], V [q, q, p]. singular_values [stored faces, min(n,q)] are those
/// of the faces of Ahat, falling.
template <class T>
struct Svd {
  Tensor<T, 3> U, S, V;
  Tensor<T, 2> singular_values;
};
template <class T>
Svd<T> tsvd(const TransformPlan& L, const Tensor<T, 3>& A, Form form = Form::economic);

/// The rank of each stored face (a complex face stands for two bins): singular values above `tolerance` times
/// the largest of all faces (0: eps max(rows, columns)).
template <class T>
std::vector<int> multirank(const TransformPlan& L, const Tensor<T, 3>& A, double tolerance = 0);
/// The number of non-zero tubes on the diagonal of S: the largest entry of the multirank.
template <class T>
int tubal_rank(const TransformPlan& L, const Tensor<T, 3>& A, double tolerance = 0);

/// A with small singular values of its faces left out.
template <class T>
struct Truncation {
  Svd<T> factors;              // s = the largest rank kept (at least 1); a face of lower rank has zeros in S
  Tensor<T, 3> approximation;  // U *_L S *_L V^H
  std::vector<int> multirank;  // what each stored face keeps
  double discarded = 0;        // sum of squares of what was left out, complex faces twice
  double error = 0;  // |A - approximation|_F, measured; error^2 = discarded / l where L has the scale l
};
/// The same rank in every face. With a scale it is the nearest tensor of that tubal rank (Eckart-Young);
/// without one it is only within the condition number of L.
template <class T>
Truncation<T> truncate_tubal_rank(const TransformPlan& L, const Tensor<T, 3>& A, int rank);
/// A rank for each stored face.
template <class T>
Truncation<T> truncate_multirank(const TransformPlan& L, const Tensor<T, 3>& A,
                                 const std::vector<int>& ranks);
/// One threshold for all faces: singular values > threshold stay.
template <class T>
Truncation<T> truncate_threshold(const TransformPlan& L, const Tensor<T, 3>& A, double threshold);
/// The highest such threshold that keeps at least this fraction (0..1] of the energy of Ahat: the fewest
/// singular values, hence a multirank chosen by the data.
template <class T>
Truncation<T> truncate_energy(const TransformPlan& L, const Tensor<T, 3>& A, double fraction);

}  // namespace tubal::lproduct
