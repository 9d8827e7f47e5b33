// Matrix products and transpositions, BLAS's and the kernels', against sums written out, at sizes around
// packs and tiles.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "core/blas.hpp"
#include "core/error.hpp"
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
            const MatrixView<T> result{C.data(), M, N, ld};
            const MatrixView<const T> nothing, one_row{start.data(), M, N, 0};
            kernel.product({{A.data(), transposed ? K : M, transposed ? M : K, lda}, transposed},
                           {B.data(), K, N, ld},
                           form == 0   ? nothing
                           : form == 1 ? one_row
                                       : result,
                           result);
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

TEMPLATE_TEST_CASE("products: C = alpha A B + beta C of every kind, on views", "[blas]", float, double) {
  using T = TestType;
  const std::size_t M = 7, N = 5, K = 9, wide = 23;
  const std::vector<T> A = normals<T>(20 * wide, 1), B = normals<T>(20 * wide, 2),
                       before = normals<T>(M * wide, 3);
  const auto matrix = [](const std::vector<T>& x, bool turned, std::size_t rows, std::size_t columns) {
    const MatrixView<const T> all = contiguous(x.data(), 20, wide);  // the matrix begins at [2, 4]
    return Operand<T>(columns_of(rows_of(all, 2, turned ? columns : rows), 4, turned ? rows : columns),
                      turned);
  };
  const auto at = [](const Operand<T>& x, std::size_t i, std::size_t j) {
    return static_cast<double>(x.matrix.data[x.turned ? j * x.matrix.stride + i : i * x.matrix.stride + j]);
  };
  for (const bool ta : {false, true})
    for (const bool tb : {false, true})
      for (const T beta : {T(0), T(1), T(-0.5)}) {
        std::vector<T> C = before;
        const Operand<T> a = matrix(A, ta, M, K), b = matrix(B, tb, K, N);
        gemm(T(0.75), a, b, beta, columns_of(contiguous(C.data(), M, wide), 3, N));
        CAPTURE(ta, tb, beta);
        std::size_t wrong = 0;
        for (std::size_t i = 0; i < M; ++i)
          for (std::size_t c = 0; c < wide; ++c) {
            const double old = static_cast<double>(before[i * wide + c]);
            double sum = c < 3 || c >= 3 + N ? old : static_cast<double>(beta) * old;
            for (std::size_t k = 0; c >= 3 && c < 3 + N && k < K; ++k)
              sum += 0.75 * at(a, i, k) * at(b, k, c - 3);
            wrong += !close<T>(static_cast<double>(C[i * wide + c]), sum, K);
          }
        CHECK(wrong == 0);
      }
}

TEST_CASE("products: shapes that do not fit are named, and nothing is written", "[blas]") {
  std::vector<double> x(100, 1.0), y(100, outside);
  const auto of = [&](std::size_t rows, std::size_t columns) { return contiguous(x.data(), rows, columns); };
  const auto to = [&](std::size_t rows, std::size_t columns) { return contiguous(y.data(), rows, columns); };
  CHECK_THROWS_WITH(gemm(1.0, of(2, 3), of(4, 5), 0.0, to(2, 5)),
                    "the product of [2, 3] and [4, 5] was to be [2, 5]");
  CHECK_THROWS_WITH(gemm(1.0, transposed(of(2, 3)), of(2, 5), 0.0, to(2, 5)),
                    "the product of [3, 2] and [2, 5] was to be [2, 5]");
  CHECK_THROWS_AS(gemm(1.0, of(2, 3), transposed(of(3, 5)), 0.0, to(2, 5)), Error);
  CHECK_THROWS_AS(gemm(1.0, of(2, 3), of(3, 5), 0.0, to(2, 4)), Error);
  CHECK(std::all_of(y.begin(), y.end(), [](double v) { return v == outside; }));
  gemm(1.0, transposed(of(3, 2)), of(3, 5), 0.0, to(2, 5));
  CHECK(std::all_of(y.begin(), y.begin() + 10, [](double v) { return v == 3; }));
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
        kernel.row_products({A.data(), M, K, ld}, {B.data(), N, K, ld}, {C.data(), M, N, ldc});
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
        kernel.transpose({X.data(), n, e, ldx}, {Y.data(), e, filled, ld});
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
  B[1] = std::numeric_limits<float>::quiet_NaN();
  B[2] = std::numeric_limits<float>::infinity();
  kernel.product(contiguous(A.data(), 2, 1), {B.data(), 1, 3, ld}, {}, {C.data(), 2, 3, ld});
  for (const std::size_t m : {0u, 1u}) {
    CHECK(C[m * ld] == 0);
    CHECK(std::isnan(C[m * ld + 1]));
    CHECK(std::isinf(C[m * ld + 2]));
  }
}
