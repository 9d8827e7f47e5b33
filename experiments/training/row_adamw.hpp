// AdamW over the rows of a matrix of which each step gives few a gradient.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "core/kernels.hpp"

namespace tubal {

/// Rows without a gradient take their steps (decay, and what the first moment still moves) when they are next
/// asked for, each step with the arithmetic of the dense update; so results are the dense update's and do not
/// depend, to the bit, on when rows are asked for. A moment too small to move anything (below 1e-30; the
/// second below 1e-36) becomes 0 at every 64th step, before it is a denormal, which processors are slow with.
class RowAdamW {
 public:
  /// Over value, first and second moment, each [rows, columns]; they must outlive this.
  RowAdamW(std::size_t rows, std::size_t columns, float* value, float* first, float* second);

  /// Brings these rows, or all, to the present step.
  void catch_up(std::span<const std::uint32_t> rows);
  void catch_up();

  /// Step t of all rows: `rows`, which must be caught up, have gradient [its row, columns], the others none.
  void step(std::span<const std::uint32_t> rows, const float* gradient, const AdamWStep<float>& step,
            std::int64_t t);

 private:
  struct Step {
    AdamWStep<float> numbers;
    std::int64_t t;
  };
  bool is_zero(std::size_t row) const;
  void replay(std::span<const std::uint32_t> rows);

  std::size_t C_;
  float *value_, *first_, *second_;
  std::vector<Step> steps_;          // since all rows were last caught up
  std::vector<std::uint32_t> done_;  // of each row: how many of them it has taken
  std::vector<std::uint32_t> late_;
  std::vector<float> w_, m_, v_;  // of the rows that are being caught up, side by side
};

}  // namespace tubal
