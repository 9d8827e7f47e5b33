// Random numbers for the seeded transforms: the same on every machine and compiler (the standard fixes
// mt19937_64, but not its distributions).
#pragma once
#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>

namespace tubal {

class SeededNumbers {
 public:
  SeededNumbers(std::uint64_t seed, int p) {
    std::seed_seq words{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32),
                        static_cast<std::uint32_t>(p)};
    engine_.seed(words);
  }
  /// Uniform in [0, 1), 53 bits.
  double uniform() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }
  /// Uniform in 0 .. n-1, by rejection.
  int below(int n) {
    const std::uint64_t bound = static_cast<std::uint64_t>(n), limit = UINT64_MAX - UINT64_MAX % bound;
    std::uint64_t draw;
    do draw = engine_();
    while (draw >= limit);
    return static_cast<int>(draw % bound);
  }
  /// N(0, 1), Box and Muller.
  double normal() {
    const double radius = std::sqrt(-2 * std::log1p(-uniform()));
    return radius * std::cos(2 * std::numbers::pi * uniform());
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace tubal
