// The kernels' matrix products and transpositions against sums written out, at sizes around packs and tiles.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "core/kernels.hpp"
#include "core/random.hpp"

using namespace tubal;

namespace {

constexpr double outside = 12345;  // what lies where nothing may be written

template <class T>
std::vector<T> normals(std::size_t n, std::uint64_t index) {
  const RandomStream random(7, Purpose::test, index);
  std::vector<T> x(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<T>(random.normal(i));
  return x;
}

// |error| <= K eps max|terms| grows as a sum of K terms does; NaN fails.
template <class T>
bool close(double x, double y, std::size_t K) {
  return std::abs(x - y) <= 32 * static_cast<double>(K + 1) * std::numeric_limits<T>::epsilon();
}

}  // namespace

TEMPLATE_TEST_CASE("products: C = start + A B, whatever the sizes and strides", "[kernels]", float, double) {
  using T = TestType;
  const Kernels<T>& kernel = kernels<T>();
  for (const std::size_t M : {1u, 5u, 6u, 14u, 15u, 43u})
    for (const std::size_t N : {1u, 8u, 16u, 17u, 32u, 40u, 64u})
      for (const std::size_t K : {0u, 1u, 7u, 64u})
        for (const bool transposed : {false, true}) {
          const std::size_t ld = kernel.row_stride(N), lda = (transposed ? M : K) + 3;
          const std::vector<T> A = normals<T>((transposed ? K : M) * lda + 1, 1), B = normals<T>(K * ld, 2),
                               start = normals<T>(M * ld, 3);
          const auto a = [&](std::size_t m, std::size_t k) { return transposed ? k * lda + m : m * lda + k; };
          for (const int form : {0, 1, 2}) {  // from nothing, from one row, from rows
            std::vector<T> C((M + 1) * ld, static_cast<T>(outside));
            if (form == 2) std::copy(start.begin(), start.end(), C.begin());
            kernel.product(M, N, K, A.data(), transposed ? 1 : lda, transposed ? lda : 1, B.data(), ld,
                           form == 0   ? nullptr
                           : form == 1 ? start.data()
                                       : C.data(),
                           form == 1 ? 0 : ld, C.data(), ld);
            std::size_t wrong = 0, touched = 0;
            for (std::size_t m = 0; m < M; ++m)
              for (std::size_t n = 0; n < N; ++n) {
                double sum = form == 0 ? 0 : static_cast<double>(start[(form == 2 ? m * ld : 0) + n]);
                for (std::size_t k = 0; k < K; ++k)
                  sum += static_cast<double>(A[a(m, k)]) * static_cast<double>(B[k * ld + n]);
                wrong += !close<T>(static_cast<double>(C[m * ld + n]), sum, K);
              }
            for (std::size_t i = M * ld; i < C.size(); ++i) touched += !(C[i] == static_cast<T>(outside));
            CAPTURE(M, N, K, transposed, form);
            CHECK(wrong == 0);
            CHECK(touched == 0);
          }
        }
}

TEMPLATE_TEST_CASE("products: rows by rows, C = A B^T", "[kernels]", float, double) {
  using T = TestType;
  const Kernels<T>& kernel = kernels<T>();
  for (const std::size_t M : {1u, 3u, 4u, 9u, 56u})
    for (const std::size_t N : {1u, 2u, 4u, 5u, 8u, 12u})
      for (const std::size_t K : {1u, 15u, 16u, 33u, 250u}) {
        const std::size_t ld = kernel.row_stride(K), ldc = N + 2;
        std::vector<T> A = normals<T>(M * ld, 1), B = normals<T>(N * ld, 2),
                       C((M + 1) * ldc, static_cast<T>(outside));
        for (std::size_t n = 0; n < N; ++n) std::fill_n(B.begin() + n * ld + K, ld - K, T(0));
        kernel.row_products(M, N, K, A.data(), ld, B.data(), ld, C.data(), ldc);
        std::size_t wrong = 0;
        for (std::size_t m = 0; m <= M; ++m)
          for (std::size_t n = 0; n < ldc; ++n) {
            double sum = m < M && n < N ? 0 : outside;
            for (std::size_t k = 0; m < M && n < N && k < K; ++k)
              sum += static_cast<double>(A[m * ld + k]) * static_cast<double>(B[n * ld + k]);
            wrong += !close<T>(static_cast<double>(C[m * ldc + n]), sum, m < M && n < N ? K : 0);
          }
        CAPTURE(M, N, K);
        CHECK(wrong == 0);
      }
}

TEMPLATE_TEST_CASE("products: a transposition moves every number and fills with zeros", "[kernels]", float,
                   double) {
  using T = TestType;
  const Kernels<T>& kernel = kernels<T>();
  for (const std::size_t n : {1u, 7u, 16u, 31u, 48u})
    for (const std::size_t e : {1u, 4u, 8u, 16u, 20u, 35u})
      for (const bool fill : {false, true}) {
        const std::size_t ldx = e + 5, ld = kernel.row_stride(n), filled = fill ? ld : n;
        const std::vector<T> X = normals<T>(n * ldx, 1);
        std::vector<T> Y((e + 1) * ld, static_cast<T>(outside));
        kernel.transpose(n, e, X.data(), ldx, Y.data(), ld, filled);
        std::size_t wrong = 0;
        for (std::size_t j = 0; j <= e; ++j)
          for (std::size_t i = 0; i < ld; ++i)
            wrong += !(Y[j * ld + i] == (j == e || i >= filled ? static_cast<T>(outside)
                                         : i < n               ? X[i * ldx + j]
                                                               : T(0)));
        CAPTURE(n, e, fill);
        CHECK(wrong == 0);
        CHECK(ld % kernel.row_stride(1) == 0);
        CHECK(ld / kernel.row_stride(1) % 2 == 1);
      }
}

TEST_CASE("products: NaN and infinity pass through", "[kernels]") {
  const Kernels<float>& kernel = kernels<float>();
  const std::size_t ld = kernel.row_stride(3);
  std::vector<float> A(2, 1.f), B(ld, 0.f), C(2 * ld, 0.f);
  B[1] = std::numeric_limits<float>::quiet_NaN(), B[2] = std::numeric_limits<float>::infinity();
  kernel.product(2, 3, 1, A.data(), 1, 1, B.data(), ld, nullptr, 0, C.data(), ld);
  for (const std::size_t m : {0u, 1u}) {
    CHECK(C[m * ld] == 0);
    CHECK(std::isnan(C[m * ld + 1]));
    CHECK(std::isinf(C[m * ld + 2]));
  }
}
