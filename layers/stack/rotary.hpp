// Rotary positions (Su et al. 2021): in each head, coordinates j and j + e/2 of queries and keys turn by the
// angle a_k t 10000^(-2j/e), t = 0, 1, ... in the sequence, a_k the frequency scaling of slice k.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "layers/stack/slices.hpp"

namespace tubal {

template <class T>
class Rotation {
 public:
  Rotation() = default;
  /// Angles for positions 0 .. positions - 1 of heads of `head_width` coordinates; `factors` by bin.
  Rotation(const Slices& slices, std::span<const double> factors, std::size_t positions,
           std::size_t head_width);

  /// Turns rows of x, `stride` apart, of slice k (in storage order), at positions first, first + 1, ...; each
  /// row is `segments` runs of head_width numbers. `back`: by the opposite angle.
  void turn(std::size_t k, std::size_t first, T* x, std::size_t stride, std::size_t rows,
            std::size_t segments, bool back) const;
  /// d loss / d a_k from turned rows x and the gradient dx by them.
  double factor_gradient(const T* x, const T* dx, std::size_t stride, std::size_t rows,
                         std::size_t segments) const;

 private:
  std::size_t half_ = 0, positions_ = 0;
  std::vector<std::size_t> table_;  // of each slice; slices with equal factors share one
  std::vector<T> cosine_, sine_;    // [tables, positions, half]
  std::vector<double> rate_;        // [half]
};

}  // namespace tubal
