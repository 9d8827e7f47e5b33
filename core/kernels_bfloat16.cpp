#include <cstring>

#include "core/bfloat16.hpp"

namespace tubal {

void to_bfloat16(const float* x, std::size_t ldx, Bfloat16* y, std::size_t ldy, std::size_t rows,
                 std::size_t n) {
  for (std::size_t t = 0; t < rows; ++t, x += ldx, y += ldy)
    for (std::size_t i = 0; i < n; ++i) {
      std::uint32_t u;
      std::memcpy(&u, x + i, 4);
      const std::uint32_t rounded = (u + 0x7fffu + ((u >> 16) & 1u)) >> 16, quiet = (u >> 16) | 0x40u;
      y[i] = static_cast<Bfloat16>((u & 0x7fffffffu) > 0x7f800000u ? quiet : rounded);
    }
}

}  // namespace tubal
