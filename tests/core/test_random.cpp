// Numbers drawn many at a time are those of the stream.
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "core/kernels.hpp"
#include "core/random.hpp"

using namespace tubal;

TEST_CASE("random: Philox4x32-10 of the authors' known answers") {  // Random123, kat_vectors
  CHECK(Philox::block({0, 0, 0, 0}, 0) ==
        std::array<std::uint32_t, 4>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(Philox::block({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, 0xffffffffffffffff) ==
        std::array<std::uint32_t, 4>{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(Philox::block({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0x299f31d0a4093822) ==
        std::array<std::uint32_t, 4>{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("random: normal values many at a time equal the stream's, whatever the first and the count") {
  const RandomStream random(0x9e3779b97f4a7c15, Purpose::test, 0x123456789abcdef0);
  for (const std::uint64_t first : {std::uint64_t{0}, std::uint64_t{5}, (std::uint64_t{1} << 32) - 3})
    for (const std::size_t n : {1u, 15u, 16u, 1000u}) {
      std::vector<double> x(n + 1, 7);
      std::vector<float> y(n + 1, 7);
      kernels<double>().normals(x.data(), n, 0.02, random.key(), random.stream(), first);
      kernels<float>().normals(y.data(), n, 0.02, random.key(), random.stream(), first);
      double worst = 0, worst_float = 0;
      for (std::size_t i = 0; i < n; ++i) {
        const double z = 0.02 * random.normal(first + i);
        REQUIRE(std::isfinite(x[i]));
        worst = std::max(worst, std::abs(x[i] - z));
        worst_float = std::max(worst_float, std::abs(y[i] - z));
      }
      CAPTURE(first, n);
      CHECK(worst <= 1e-16);  // 0.02 * 6 sigma is 0.12, whose last digit is 1.4e-17
      CHECK(worst_float <= 8e-9);
      CHECK(x[n] == 7);
      CHECK(y[n] == 7);
    }
}
