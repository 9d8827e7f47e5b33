// Rounding to bfloat16 and products on such numbers, against double arithmetic on the rounded values.
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "core/bfloat16.hpp"
#include "core/error.hpp"
#include "core/random.hpp"

using namespace tubal;

namespace {

float value(Bfloat16 x) {
  const std::uint32_t bits = std::uint32_t{x} << 16;
  float f;
  std::memcpy(&f, &bits, 4);
  return f;
}

Bfloat16 rounded(float x) {
  Bfloat16 y;
  to_bfloat16(&x, 1, &y, 1, 1, 1);
  return y;
}

}  // namespace

TEST_CASE("bfloat16: to nearest, ties to even, NaN and infinity stay", "[bfloat16]") {
  const RandomStream random(1, Purpose::test, 0);
  for (std::uint64_t i = 0; i < 20000; ++i) {
    const float x = static_cast<float>(random.normal(i) * std::exp(20 * random.uniform(1000000 + i) - 10));
    const float y = value(rounded(x));
    REQUIRE(std::abs(y - x) <= std::abs(x) / 256);
    const Bfloat16 below = static_cast<Bfloat16>(rounded(x) - 1),
                   above = static_cast<Bfloat16>(rounded(x) + 1);
    REQUIRE(std::abs(y - x) <= std::abs(value(below) - x));
    REQUIRE(std::abs(y - x) <= std::abs(value(above) - x));
  }
  CHECK(value(rounded(1.f + 1.f / 256)) == 1.f);  // half way: to the even one
  CHECK(value(rounded(1.f + 3.f / 256)) == 1.f + 1.f / 64);
  constexpr float infinity = std::numeric_limits<float>::infinity();
  CHECK(value(rounded(infinity)) == infinity);
  CHECK(value(rounded(-infinity)) == -infinity);
  CHECK(value(rounded(std::numeric_limits<float>::max())) == infinity);
  CHECK(std::isnan(value(rounded(std::numeric_limits<float>::quiet_NaN()))));
  const std::uint32_t small_nan = 0x7f800001u;  // its payload would be cut away
  float x;
  std::memcpy(&x, &small_nan, 4);
  CHECK(std::isnan(value(rounded(x))));
  CHECK(value(rounded(0.f)) == 0.f);
}

TEST_CASE("bfloat16: every kind of product equals the double one on the rounded numbers", "[bfloat16]") {
  const RandomStream random(2, Purpose::test, 0);
  const std::size_t M = 64, N = 48, K = 96;
  for (const bool ta : {false, true})
    for (const bool tb : {false, true})
      for (const bool accumulate : {false, true}) {
        const std::size_t lda = (ta ? M : K) + 3, ldb = (tb ? K : N) + 5, ldc = N + 7;
        std::vector<Bfloat16> A((ta ? K : M) * lda), B((tb ? N : K) * ldb);
        std::vector<float> C(M * ldc, 0.5f);
        for (std::size_t i = 0; i < A.size(); ++i) A[i] = rounded(static_cast<float>(random.normal(i)));
        for (std::size_t i = 0; i < B.size(); ++i)
          B[i] = rounded(static_cast<float>(random.normal(100000 + i)));
        const Operand<Bfloat16> a_({A.data(), ta ? K : M, ta ? M : K, lda}, ta),
            b_({B.data(), tb ? N : K, tb ? K : N, ldb}, tb);
        const MatrixView<float> c_{C.data(), M, N, ldc};
        if (!why_no_bfloat16().empty()) {
          CHECK_THROWS_AS(gemm(a_, b_, accumulate, c_), Error);
          continue;
        }
        gemm(a_, b_, accumulate, c_);
        CHECK_THROWS_AS(gemm(a_, b_, accumulate, {C.data(), M, N - 1, ldc}), Error);
        double worst = 0;
        for (std::size_t i = 0; i < M; ++i)
          for (std::size_t j = 0; j < N; ++j) {
            double sum = accumulate ? 0.5 : 0, size = 1;
            for (std::size_t k = 0; k < K; ++k) {
              const double a = value(A[ta ? k * lda + i : i * lda + k]),
                           b = value(B[tb ? j * ldb + k : k * ldb + j]);
              sum += a * b;
              size += std::abs(a * b);
            }
            const double error = std::abs(C[i * ldc + j] - sum) / size;
            REQUIRE(error <= 1e-6);
            worst = std::max(worst, error);
          }
        for (std::size_t i = 0; i < M; ++i)  // nothing beside C is written
          for (std::size_t j = N; j < ldc; ++j) REQUIRE(C[i * ldc + j] == 0.5f);
        INFO("largest error " << worst);
      }
}
