// Applications that beat the p x p product: FFTW (dct, dft, hartley), rotations over a tree (haar),
// butterflies (hadamard), and moves of rows (identity, permutation).
#pragma once
#include <string>
#include <vector>

#include "transforms/plan.hpp"

namespace tubal {

std::unique_ptr<Algorithm> fftw_dct(int p);
std::unique_ptr<Algorithm> fftw_dft(int p);
std::unique_ptr<Algorithm> fftw_hartley(int p);
/// "FFTW 3.3.10".
std::string fftw_name();
std::unique_ptr<Algorithm> haar_lifting(int p);
std::unique_ptr<Algorithm> hadamard_butterfly(int p);
/// y[k] = x[from[k]].
std::unique_ptr<Algorithm> row_moves(std::vector<int> from);

/// A fast scheme, and from which p on it is the faster one: a table by slice width, widest first
/// (README.md has the measurement).
struct FastScheme {
  struct From {
    std::size_t m;  // slices of at least m numbers
    int in_float, in_double;
  };
  std::string transform;
  std::vector<From> from;
  bool small_factors;  // only for p without a prime factor above 13, which FFTW has no fast code for
  std::unique_ptr<Algorithm> (*make)(int p);

  bool wins(int p, std::size_t m, std::size_t scalar_size) const;
};
const std::vector<FastScheme>& fast_schemes();
/// Gives the plan the scheme of `transform`, if there is one that wins at this p on slices of some width.
void add_fast_scheme(const std::string& transform, PlanParts& parts);

}  // namespace tubal
