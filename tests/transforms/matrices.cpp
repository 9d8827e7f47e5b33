// Matrices and frequencies of DESIGN's table, against values worked out from its
// formulas apart from this code.
#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "transforms/dense.hpp"
#include "transforms/seeded.hpp"
#include "transforms/transform.hpp"

using namespace tubal;

static std::unique_ptr<TransformPlan> plan(const std::string& name, int p) {
  TransformSpec spec;
  spec.name = name;
  return make_transform(spec)->plan(p);
}

static void check_rows(const Matrix& L, const std::vector<std::vector<double>>& rows) {
  REQUIRE(L.shape(0) == rows.size());
  for (std::size_t k = 0; k < rows.size(); ++k)
    for (std::size_t l = 0; l < rows.size(); ++l) {
      INFO("row " << k << ", column " << l);
      CHECK(std::abs(L(k, l) - rows[k][l]) <= 1e-15 * 4);
    }
}

static std::vector<double> frequencies(const TransformPlan& plan) {
  std::vector<double> f;
  for (const Slice& s : plan.slices()) f.push_back(s.frequency);
  return f;
}

TEST_CASE("dct at p = 3") {
  const double a = 1 / std::sqrt(3.0), b = 1 / std::sqrt(2.0), c = 1 / std::sqrt(6.0);
  check_rows(plan("dct", 3)->forward_matrix(), {{a, a, a}, {b, 0, -b}, {c, -2 * c, c}});
  CHECK(frequencies(*plan("dct", 3)) == std::vector<double>{0, 0.5, 1});
}

TEST_CASE("haar splits 5 leaves into 3 and 2") {
  const double c = 1 / std::sqrt(5.0), r = 1 / std::sqrt(2.0), s = 1 / std::sqrt(6.0);
  check_rows(plan("haar", 5)->forward_matrix(),
             {{c, c, c, c, c},
              {std::sqrt(2 / 15.0), std::sqrt(2 / 15.0), std::sqrt(2 / 15.0), -std::sqrt(3 / 10.0),
               -std::sqrt(3 / 10.0)},
              {s, s, -2 * s, 0, 0},
              {0, 0, 0, r, -r},
              {r, -r, 0, 0, 0}});
  CHECK(frequencies(*plan("haar", 5)) == std::vector<double>{0, 1 / 3.0, 2 / 3.0, 2 / 3.0, 1});
}

TEST_CASE("hadamard's row k changes sign k times") {
  for (int p : {1, 2, 4, 8, 64}) {
    const auto L = plan("hadamard", p);
    for (int k = 0; k < p; ++k) {
      int changes = 0;
      for (int l = 0; l + 1 < p; ++l)
        changes += L->forward_matrix()(k, l) * L->forward_matrix()(k, l + 1) < 0;
      CHECK(changes == k);
      CHECK(L->forward_matrix()(k, 0) == Approx(1 / std::sqrt(p)));
    }
  }
}

TEST_CASE("hartley at p = 4") {
  check_rows(plan("hartley", 4)->forward_matrix(),
             {{.5, .5, .5, .5}, {.5, .5, -.5, -.5}, {.5, -.5, .5, -.5}, {.5, -.5, -.5, .5}});
  CHECK(frequencies(*plan("hartley", 4)) == std::vector<double>{0, 0.5, 1, 0.5});
}

TEST_CASE("cosine_product at p = 2 and 3") {
  // W^-1 C (I+Z): rows divided by the first column of C, then each column plus its left neighbour.
  check_rows(plan("cosine_product", 2)->forward_matrix(), {{1, 2}, {1, 0}});
  check_rows(plan("cosine_product", 3)->forward_matrix(), {{1, 2, 2}, {1, 1, -1}, {1, -1, -1}});
  CHECK(plan("cosine_product", 3)->scale() == 0);
}

TEST_CASE("dft stores real bins, then complex bins as (re, im)") {
  const auto even = plan("dft", 4), odd = plan("dft", 3);
  check_rows(even->forward_matrix(),
             {{.5, .5, .5, .5}, {.5, -.5, .5, -.5}, {.5, 0, -.5, 0}, {0, -.5, 0, .5}});
  check_rows(even->inverse_matrix(), {{.5, .5, 1, 0}, {.5, -.5, 0, -1}, {.5, .5, -1, 0}, {.5, -.5, 0, 1}});
  REQUIRE(even->slices().size() == 3);
  CHECK(even->slices()[1].bin == 2);
  CHECK_FALSE(even->slices()[1].complex);
  CHECK(even->slices()[2].bin == 1);
  CHECK(even->slices()[2].complex);
  CHECK(frequencies(*even) == std::vector<double>{0, 1, 0.5});
  REQUIRE(odd->slices().size() == 2);
  CHECK(frequencies(*odd) == std::vector<double>{0, 1});
  CHECK(std::abs(odd->matrix()(2, 1) - std::exp(Complex(0, -4 * std::numbers::pi / 3)) / std::sqrt(3.0)) <
        1e-15);
}

TEST_CASE("every transform is the identity at p = 1, five are one matrix at p = 2") {
  for (const TransformEntry& entry : transform_table()) {
    if (entry.name == "matrix") continue;  // needs a file: matrix_file.cpp
    INFO(entry.name);
    const auto one = plan(entry.name, 1);
    CHECK(one->forward_matrix()(0, 0) == 1);
    CHECK(one->inverse_matrix()(0, 0) == 1);
    CHECK(one->slices().size() == 1);
    CHECK(one->slices()[0].frequency == 0);
  }
  for (const char* name : {"dft", "haar", "hadamard", "hartley"}) {
    INFO(name);
    CHECK(largest_difference(plan(name, 2)->forward_matrix(), plan("dct", 2)->forward_matrix()) < 3e-16);
    CHECK(frequencies(*plan(name, 2)) == std::vector<double>{0, 1});
  }
}

TEST_CASE("seeded transforms follow their seed") {
  for (const char* name : {"permutation", "random_orthogonal"}) {
    TransformSpec a, b;
    a.name = b.name = name;
    b.seed = 1;
    const Matrix A = make_transform(a)->plan(12)->forward_matrix();
    CHECK(largest_difference(A, make_transform(a)->plan(12)->forward_matrix()) == 0);
    CHECK(largest_difference(A, make_transform(b)->plan(12)->forward_matrix()) > 0.1);
  }
}

TEST_CASE("refusals say what would be accepted") {
  TransformSpec spec;
  spec.name = "hadamard";
  CHECK(make_transform(spec)->refuses(6).value_or("").find("nearest are 4 and 8") != std::string::npos);
  CHECK_THROWS_AS(make_transform(spec)->plan(6), UsageError);
  CHECK_THROWS_AS(make_transform(spec)->plan(0), UsageError);
  spec.name = "hadamrd";
  CHECK_THROWS_WITH(make_transform(spec), Catch::Contains("did you mean `hadamard`?"));
  spec.name = "learned_orthogonal";
  spec.init = "dft";
  CHECK_THROWS_WITH(make_transform(spec), Catch::Contains("real, fixed"));
  spec.init = "dct";
  spec.parametrization = "cayly";
  CHECK_THROWS_WITH(make_transform(spec), Catch::Contains("cayley, exponential, householder"));
}

// Studies name a matrix by its seed alone, so it stays what Gram and Schmidt made of the same numbers.
TEST_CASE("a seeded orthogonal matrix is the Q of its Gaussian with R's diagonal positive, to rounding") {
  for (const std::uint64_t seed : {0, 1, 12345})
    for (const int p : {2, 3, 4, 7, 16, 33, 64}) {
      SeededNumbers random(seed, p);
      const std::size_t n = static_cast<std::size_t>(p);
      Matrix A = Matrix::from_shape({n, n});
      for (double& x : A) x = random.normal();
      for (std::size_t j = 0; j < n; ++j)
        for (int pass = 0; pass < 2; ++pass) {
          for (std::size_t i = 0; i < j; ++i) {
            double dot = 0;
            for (std::size_t r = 0; r < n; ++r) dot += A(r, i) * A(r, j);
            for (std::size_t r = 0; r < n; ++r) A(r, j) -= dot * A(r, i);
          }
          double square = 0;
          for (std::size_t r = 0; r < n; ++r) square += A(r, j) * A(r, j);
          for (std::size_t r = 0; r < n; ++r) A(r, j) /= std::sqrt(square);
        }
      TransformSpec spec;
      spec.name = "random_orthogonal";
      spec.seed = seed;
      INFO("seed " << seed << ", p = " << p);
      CHECK(largest_difference(make_transform(spec)->plan(p)->forward_matrix(), A) <= 2e-14);
    }
}
