// What the spectral slices do on a batch: energy, effective rank, attention entropy, mixing.
//
// Layer i's output is the stream behind its last sub-layer (post-norm: behind that sub-layer's norm;
// pre-norm: behind the residual sum, of the last layer behind the final norm), in the spectral domain of the
// layer's L. A complex slice is one slice: m complex coordinates, 2 m real numbers.
#pragma once
#include <vector>

#include "layers/model/encoder.hpp"
#include "layers/model/observer.hpp"

namespace tubal {

/// Made of a forward pass without dropout. Its figures depend on the parameters and the batch alone, neither
/// on the number of threads nor on what went before.
template <class T>
class SliceObserver final : public Observer<T> {
 public:
  SliceObserver(const Structure& s, const Batch& batch);
  void after(Stage stage, const Pass<T>& pass, const Group& group, std::size_t j, Workspace<T>& w,
             const Lane<T>* lane) override;
  /// After the pass. NaN where activations are not finite, a layer has no attention, or its L has
  /// fewer slices than another's.
  SliceFigures figures(const Pass<T>& pass, int threads) const;

 private:
  const Slices& slices(std::size_t layer) const { return s_.transforms[layer % s_.transforms.size()].slices; }
  void outputs(std::size_t layer, std::size_t slice, SliceFigures& figures) const;
  void entropies(std::size_t layer, SliceFigures& figures) const;
  void mixing(const Pass<T>& pass, std::size_t layer, SliceFigures& figures) const;

  const Structure& s_;
  std::size_t tokens_, sequences_, most_;  // most_: slices of a layer
  std::vector<T> output_;                  // [depth, T, d], spectral
  std::vector<double> entropy_;  // [steps, B, most], sums over a slice's heads and a sequence's queries
  std::vector<T> rstd_;          // [steps, T, segments] of each step's norm
};

/// exp of the entropy of sigma / sum(sigma), sigma the singular values of the matrix with Gram matrix
/// `gram` [n, n], which is overwritten (Roy and Vetterli, "The effective rank", 2007): between 1 and n, 0 for
/// the zero matrix, NaN where `gram` is not finite. Squared singular values below n eps of the largest are
/// rounding, and count as 0.
double effective_rank(std::size_t n, double* gram);

/// For each spectral slice, the share of the squared mass of M = L diag_l(gain[l,j] / sigma[t,l]) L^-1 that
/// lies outside the slice's own block in its rows, masses summed over coordinates j and tokens t. In [0, 1];
/// 0 where all factors are equal or L is the identity, up to rounding. F, I: the stored matrices of L and its
/// inverse [p, p]; rows of a complex slice count twice, as with their conjugate twins they do in L itself.
/// gain [p, m]; rstd [T, segments] = 1 / sigma, with segments = p, or 1 for a sigma common to all slices (a
/// norm over the width, whose mean removal is left out of M: it is not a map along tubes).
template <class T>
std::vector<double> off_diagonal_shares(const Slices& slices, const Tensor<double, 2>& F,
                                        const Tensor<double, 2>& I, const T* gain, std::size_t m,
                                        const T* rstd, std::size_t tokens, std::size_t segments);

}  // namespace tubal
