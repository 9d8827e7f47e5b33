// Intervals of shares counted over examples.
#include <catch2/catch.hpp>
#include <cmath>

#include "core/intervals.hpp"

using namespace tubal::statistics;

TEST_CASE("Wilson's intervals are those that Newcombe printed") {
  struct Row {
    long right, n;
    double low, high;
  };
  // R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
  for (const Row& r : {Row{81, 263, 0.2553, 0.3662},
                       {15, 148, 0.0624, 0.1605},
                       {0, 20, 0, 0.1611},
                       {1, 29, 0.0061, 0.1718}}) {
    const Interval i = wilson(r.right, r.n, 0.95), mirror = wilson(r.n - r.right, r.n, 0.95);
    INFO(r.right << " of " << r.n);
    CHECK(std::abs(i.low - r.low) <= 6e-5);
    CHECK(std::abs(i.high - r.high) <= 6e-5);
    CHECK(std::abs(mirror.low - (1 - i.high)) <= 1e-12);
  }
}

TEST_CASE("intervals of paired differences cover what they should") {
  // Exactly, over every outcome of n pairs with chances p to lose and q to gain.
  constexpr long n = 60;
  for (const auto& [p, q] : {std::pair{0.1, 0.1}, {0.3, 0.05}, {0.02, 0.02}, {0.4, 0.4}}) {
    double covered = 0, mass = 0;
    for (long b = 0; b <= n; ++b)
      for (long c = 0; b + c <= n; ++c) {
        const double chance = std::exp(std::lgamma(n + 1.) - std::lgamma(b + 1.) - std::lgamma(c + 1.) -
                                       std::lgamma(n - b - c + 1.) + b * std::log(p) + c * std::log(q) +
                                       (n - b - c) * std::log(1 - p - q));
        const Interval i = bonett_price(b, c, n, 0.95), swapped = bonett_price(c, b, n, 0.95);
        mass += chance;
        if (i.low <= q - p && q - p <= i.high) covered += chance;
        REQUIRE(std::abs(i.low + swapped.high) <= 1e-12);
        REQUIRE((i.low <= double(c - b) / n && double(c - b) / n <= i.high));
      }
    INFO("chances " << p << " " << q << ": covered " << covered);
    CHECK(std::abs(mass - 1) <= 1e-9);
    CHECK(covered >= 0.94);
    CHECK(covered <= (p > 0.05 ? 0.97 : 1.0));
  }
}
