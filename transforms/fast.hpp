// Applications that beat the p x p product: FFTW (dct, dft, hartley), rotations over a tree (haar),
// butterflies (hadamard), and moves of rows (identity, permutation).
#pragma once
#include <vector>

#include "transforms/algorithm.hpp"

namespace tubal {

std::unique_ptr<Algorithm> fftw_dct(int p);
std::unique_ptr<Algorithm> fftw_dft(int p);
std::unique_ptr<Algorithm> fftw_hartley(int p);
std::unique_ptr<Algorithm> haar_lifting(int p);
std::unique_ptr<Algorithm> hadamard_butterfly(int p);
/// y[k] = x[from[k]].
std::unique_ptr<Algorithm> row_moves(std::vector<int> from);

/// A fast scheme and the p from which it is the faster one, in float and in double (README.md has the
/// measurement).
struct FastScheme {
  std::string transform;
  int float_from, double_from;
  bool small_factors;  // only for p without a prime factor above 13, which FFTW has no fast code for
  std::unique_ptr<Algorithm> (*make)(int p);

  bool wins(int p, bool in_double) const;
};
const std::vector<FastScheme>& fast_schemes();
/// In each type the scheme of `transform` where it wins at this p, else the product with F and its inverse I
/// [p, p].
std::unique_ptr<Algorithm> faster_algorithm(const std::string& transform, const Matrix& F, const Matrix& I);

}  // namespace tubal
