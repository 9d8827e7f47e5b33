// Walsh-Hadamard in sequency order: row k changes sign k times; p a power of two.
#include "transforms/hadamard.hpp"

#include <bit>
#include <cmath>

#include "transforms/fast.hpp"
#include "transforms/plan.hpp"

namespace tubal {

// Row k by sequency is row r = bits of (k ^ k>>1) reversed of the Sylvester matrix (-1)^popcount(r & l).
unsigned sylvester_row(unsigned k, int bits) {
  const unsigned gray = k ^ (k >> 1);
  unsigned r = 0;
  for (int i = 0; i < bits; ++i) r |= ((gray >> i) & 1u) << (bits - 1 - i);
  return r;
}

static PlanParts hadamard_parts(int p) {
  const int bits = std::countr_zero(static_cast<unsigned>(p));
  Matrix L = Matrix::from_shape({static_cast<std::size_t>(p), static_cast<std::size_t>(p)});
  for (int k = 0; k < p; ++k) {
    const unsigned r = sylvester_row(k, bits);
    for (int l = 0; l < p; ++l)
      L(k, l) =
          (std::popcount(r & static_cast<unsigned>(l)) % 2 ? -1 : 1) / std::sqrt(static_cast<double>(p));
  }
  PlanParts parts = orthogonal_parts(std::move(L), even_frequencies(p));
  add_fast_scheme("hadamard", parts);
  return parts;
}

static std::optional<std::string> refuses(int p) {
  if (std::has_single_bit(static_cast<unsigned>(p))) return std::nullopt;
  const unsigned below = std::bit_floor(static_cast<unsigned>(p));
  return "hadamard does not take p = " + std::to_string(p) + "; it takes powers of two, the nearest are " +
         std::to_string(below) + " and " + std::to_string(2ull * below);
}

std::unique_ptr<Transform> make_hadamard(const TransformSpec&) {
  return fixed_transform("hadamard", hadamard_parts, refuses);
}

}  // namespace tubal
