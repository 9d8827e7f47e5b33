// Counter-based random numbers: a value depends on (seed, purpose, step, index) alone, never on threads or on
// where a run was resumed. Philox4x32-10 of Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as
// 1, 2, 3" (2011). By hand: ten rounds in a few lines, held to the authors' known answers, and trials keep
// their numbers whatever library is installed.
#pragma once
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace tubal {

/// What a stream of random numbers is for; streams of different purposes are independent.
enum class Purpose : std::uint32_t {
  initialisation = 1,
  dropout,
  shuffle,
  split,
  transform,
  synthetic,
  sample,
  test,
  probe
};

struct Philox {
  static constexpr std::uint32_t multiplier0 = 0xD2511F53u, multiplier1 = 0xCD9E8D57u;
  static constexpr std::uint32_t weyl0 = 0x9E3779B9u, weyl1 = 0xBB67AE85u;

  /// 128 random bits from a 128-bit counter and a 64-bit key.
  static std::array<std::uint32_t, 4> block(std::array<std::uint32_t, 4> c, std::uint64_t key) {
    std::uint32_t k0 = static_cast<std::uint32_t>(key), k1 = static_cast<std::uint32_t>(key >> 32);
    for (int round = 0; round < 10; ++round, k0 += weyl0, k1 += weyl1) {
      const std::uint64_t a = std::uint64_t{multiplier0} * c[0], b = std::uint64_t{multiplier1} * c[2];
      c = {static_cast<std::uint32_t>(b >> 32) ^ c[1] ^ k0, static_cast<std::uint32_t>(b),
           static_cast<std::uint32_t>(a >> 32) ^ c[3] ^ k1, static_cast<std::uint32_t>(a)};
    }
    return c;
  }
};

/// A stream keyed by (seed, purpose, step); values are addressed by index.
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, Purpose purpose, std::uint64_t step = 0)
      : seed_(seed), purpose_(static_cast<std::uint32_t>(purpose)), step_(step) {}

  /// The Philox key, and the counter's upper half: for kernels that draw many at a time.
  std::uint64_t key() const { return seed_; }
  std::uint64_t stream() const {
    const auto c = counter(0);
    return std::uint64_t{c[3]} << 32 | c[2];
  }

  std::uint64_t bits(std::uint64_t index) const {
    const auto r = Philox::block(counter(index), seed_);
    return std::uint64_t{r[0]} << 32 | r[1];
  }
  /// Uniform in [0, 1), 53 bits.
  double uniform(std::uint64_t index) const { return static_cast<double>(bits(index) >> 11) * 0x1p-53; }
  /// Uniform in 0..n-1 (n >= 1); bias below n * 2^-64.
  std::uint64_t below(std::uint64_t n, std::uint64_t index) const {
    return static_cast<std::uint64_t>((static_cast<unsigned __int128>(bits(index)) * n) >> 64);
  }
  /// Standard normal (Box-Muller).
  double normal(std::uint64_t index) const {
    const auto r = Philox::block(counter(index), seed_);
    const double u = (static_cast<double>((std::uint64_t{r[0]} << 32 | r[1]) >> 11) + 0.5) * 0x1p-53;
    const double v = static_cast<double>((std::uint64_t{r[2]} << 32 | r[3]) >> 11) * 0x1p-53;
    return std::sqrt(-2 * std::log(u)) * std::cos(2 * 3.14159265358979323846 * v);
  }

 private:
  std::array<std::uint32_t, 4> counter(std::uint64_t index) const {
    return {static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32),
            static_cast<std::uint32_t>(step_), purpose_ ^ static_cast<std::uint32_t>(step_ >> 32) * 64};
  }
  std::uint64_t seed_;
  std::uint32_t purpose_;
  std::uint64_t step_;
};

}  // namespace tubal
