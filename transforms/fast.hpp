// Applications that beat the p x p product: FFTW (dct, dft, hartley), rotations over a tree (haar),
// butterflies (hadamard), and moves of rows (identity, permutation).
#pragma once
#include <span>
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

/// A fast scheme and the p from which it is the faster one (see fast.cpp for the measurement).
struct FastScheme {
  std::string transform;
  int from_p;
  std::unique_ptr<Algorithm> (*make)(int p);
};
const std::vector<FastScheme>& fast_schemes();
/// The fast scheme of `transform` where it wins at this p, else nothing (the p x p product).
std::unique_ptr<Algorithm> faster_algorithm(const std::string& transform, int p);

}  // namespace tubal
