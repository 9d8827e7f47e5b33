// The slices of a spectral row. L's stored matrix [p, p] has one row for a real slice and two (re, im) for a
// complex one; real slices come first. Of a row [p, w] (w numbers each row of L: m in the stream, r m in a
// hidden layer, ...) slice k is the w * rows numbers from w * row.
#pragma once
#include <cstddef>
#include <vector>

#include "transforms/transform.hpp"

namespace tubal {

struct SpectralSlice {
  std::size_t row = 0, rows = 1;
  int bin = 0;  // k in the mathematics
  bool complex() const { return rows == 2; }
};

struct Slices {
  std::size_t p = 1, m = 1;
  std::vector<SpectralSlice> all;
  std::vector<double> frequency;  // f_k by bin
  std::size_t real = 0;           // how many of `all`

  std::size_t count() const { return all.size(); }
  bool any_complex() const { return real < all.size(); }
};

Slices slices_of(const TransformPlan& plan, std::size_t slice_width);

/// One factor a bin to one a stored row, [p].
std::vector<double> by_row(const Slices& slices, const std::vector<double>& by_bin);

}  // namespace tubal
