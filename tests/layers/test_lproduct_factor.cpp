// QR, t-SVD, ranks and truncation over every transform of the table and the unnormalised DFT.
#include <catch2/catch.hpp>
#include <numeric>

#include "tests/layers/lproduct_helpers.hpp"

using namespace tubal;
using namespace tubal::test;
namespace lp = tubal::lproduct;

static const std::vector<int> factor_lengths = {1, 2, 5, 8};
static const std::vector<std::pair<int, int>> shapes = {{1, 1}, {4, 1}, {1, 4}, {3, 3},
                                                        {5, 4}, {4, 5}, {7, 3}};

TEST_CASE("t-SVD and QR: factors multiply back and are orthogonal under *_L, economic and full") {
  // A t-SVD that is right in the spectral domain only (a peer's, for the DCT) fails here.
  for (int p : factor_lengths)
    for (const auto& [name, L] : table_plans(p))
      for (const auto& [n, q] : shapes)
        for (lp::Form form : {lp::Form::economic, lp::Form::full}) {
          const bool full = form == lp::Form::full;
          CAPTURE(name, p, n, q, full);
          const std::size_t s = std::min(n, q), u = full ? n : s, v = full ? q : s;
          const auto A = random_tensor(n, q, p, 40);
          const auto f = lp::tsvd(*L, A, form);
          CHECK(f.U.shape() == Tensor<double, 3>::shape_type{std::size_t(n), u, std::size_t(p)});
          CHECK(f.S.shape() == Tensor<double, 3>::shape_type{u, v, std::size_t(p)});
          CHECK(f.V.shape() == Tensor<double, 3>::shape_type{std::size_t(q), v, std::size_t(p)});
          const auto US = lp::product(*L, f.U, f.S);
          CHECK(difference(lp::product(*L, US, lp::conjugate_transpose(*L, f.V)), A) <= 1e-12);
          CHECK(lp::orthogonality_error(*L, f.U) <= 1e-12);
          CHECK(lp::orthogonality_error(*L, f.V) <= 1e-12);
          const auto I = lp::identity<double>(*L, v);
          CHECK(difference(lp::product(*L, lp::conjugate_transpose(*L, f.V), f.V), I) <= 1e-12);
          for (std::size_t k = 0; k < f.singular_values.shape(0); ++k)
            for (std::size_t i = 0; i + 1 < s; ++i)
              CHECK(f.singular_values(k, i) >= f.singular_values(k, i + 1));

          const auto g = lp::qr(*L, A, form);
          CHECK(g.R.shape() == Tensor<double, 3>::shape_type{u, std::size_t(q), std::size_t(p)});
          CHECK(difference(lp::product(*L, g.Q, g.R), A) <= 1e-12);
          CHECK(lp::orthogonality_error(*L, g.Q) <= 1e-12);
          // Faces of R have a real diagonal >= 0, so a factorisation of full rank is the only one.
          const auto sound = [](auto v) { return std::real(v) >= -1e-12 && std::abs(std::imag(v)) <= 1e-12; };
          const lp::Faces<double> R = lp::to_spectral(*L, g.R);
          for (std::size_t i = 0; i < s; ++i) {
            for (const auto& r : R.real) CHECK(sound(r(i, i)));
            for (const auto& r : R.complex) CHECK(sound(r(i, i)));
          }
          for (int i = 1; i < int(u); ++i)
            for (int j = 0; j < std::min(i, q); ++j)
              for (int l = 0; l < p; ++l) CHECK(std::abs(g.R(i, j, l)) <= 1e-12);
        }
}

TEST_CASE("t-SVD in float") {
  for (const auto& [name, L] : table_plans(5)) {
    CAPTURE(name);
    const auto A = random_tensor<float>(5, 3, 5, 41);
    const auto f = lp::tsvd(*L, A);
    const auto US = lp::product(*L, f.U, f.S);
    CHECK(difference(lp::product(*L, US, lp::conjugate_transpose(*L, f.V)), A) <= 1e-5);
    CHECK(lp::orthogonality_error(*L, f.U) <= 1e-5);
    const auto g = lp::qr(*L, A);
    CHECK(difference(lp::product(*L, g.Q, g.R), A) <= 1e-5);
    const auto S = random_tensor<float>(3, 3, 5, 42), I = lp::identity<float>(*L, 3);
    CHECK(difference(lp::product(*L, S, lp::inverse(*L, S)), I) <= 1e-3);
  }
}

TEST_CASE("Tubal rank and multirank are those that a tensor was built with") {
  for (int p : factor_lengths)
    for (const auto& [name, L] : table_plans(p)) {
      CAPTURE(name, p);
      const auto A = lp::product(*L, random_tensor(6, 2, p, 50), random_tensor(2, 5, p, 51));
      CHECK(lp::tubal_rank(*L, A) == 2);
      CHECK(lp::multirank(*L, A) == std::vector<int>(L->slices().size(), 2));
      std::vector<int> ranks(L->slices().size());
      for (std::size_t k = 0; k < ranks.size(); ++k) ranks[k] = int(k + 3) % 5;
      const auto B = lp::truncate_multirank(*L, random_tensor(6, 5, p, 52), ranks);
      CHECK(lp::multirank(*L, B.approximation) == ranks);
      CHECK(lp::tubal_rank(*L, B.approximation) == *std::max_element(ranks.begin(), ranks.end()));
      const Tensor<double, 3> zero = A * 0;
      CHECK(lp::tubal_rank(*L, zero) == 0);
    }
}

TEST_CASE(
    "Eckart-Young: with a scale, the error is the discarded energy and no competitor of that rank beats it") {
  for (int p : factor_lengths)
    for (const auto& [name, L] : table_plans(p)) {
      if (L->scale() == 0) continue;
      CAPTURE(name, p);
      const auto A = random_tensor(5, 4, p, 60);
      const auto t = lp::truncate_tubal_rank(*L, A, 2);
      CHECK(t.error > 0);
      CHECK(t.error * t.error == Approx(t.discarded / L->scale()).epsilon(1e-10));
      CHECK(lp::tubal_rank(*L, t.approximation) == 2);
      const auto US = lp::product(*L, t.factors.U, t.factors.S);
      CHECK(difference(lp::product(*L, US, lp::conjugate_transpose(*L, t.factors.V)), t.approximation) <=
            1e-12);
      for (unsigned seed = 0; seed < 20; ++seed) {
        // The best tensor whose columns lie in the span of X [5, 2, p]:
        // random X, then X close to the optimal U.
        Tensor<double, 3> X = random_tensor(5, 2, p, 61 + seed);
        if (seed >= 10) X = t.factors.U + 0.01 * X;
        const auto Q = lp::qr(*L, X).Q;
        const auto B = lp::product(*L, Q, lp::product(*L, lp::conjugate_transpose(*L, Q), A));
        const Tensor<double, 3> rest = A - B;
        CHECK(lp::frobenius_norm(rest) >= t.error * (1 - 1e-12));
      }
    }
}

TEST_CASE("Eckart-Young: one threshold gives the best multirank of its number of singular values") {
  for (int p : factor_lengths)
    for (const auto& [name, L] : table_plans(p)) {
      if (L->scale() == 0) continue;
      CAPTURE(name, p);
      const auto A = random_tensor(5, 4, p, 65);
      const auto t = lp::truncate_energy(*L, A, 0.7);
      const auto kept = [&l = *L](const std::vector<int>& ranks) {  // a complex face stands for two bins
        int sum = 0;
        for (std::size_t k = 0; k < ranks.size(); ++k) sum += ranks[k] * (l.slices()[k].complex ? 2 : 1);
        return sum;
      };
      std::mt19937_64 engine(66);
      int beaten = 0;
      for (int competitor = 0; competitor < 30; ++competitor) {
        std::vector<int> ranks(L->slices().size());
        for (int& r : ranks) r = int(engine() % 5);
        if (kept(ranks) > kept(t.multirank)) continue;
        CHECK(lp::truncate_multirank(*L, A, ranks).error >= t.error * (1 - 1e-12));
        ++beaten;
      }
      CHECK(beaten > 0);
    }
}

TEST_CASE("Eckart-Young is lost where L is not orthogonal") {
  const auto L = plan_of("cosine_product", 5);
  REQUIRE(L->scale() == 0);
  const auto A = random_tensor(5, 4, 5, 62);
  const auto t = lp::truncate_tubal_rank(*L, A, 2);
  CHECK(std::abs(t.error * t.error / t.discarded - 1) > 0.01);
  // Descent on the true error from the truncation finds a better tensor of tubal rank 2: with B = X Y,
  // alternate small steps along the gradient taken by finite differences in X.
  const auto error = [&](const Tensor<double, 3>& X, const Tensor<double, 3>& Y) {
    const Tensor<double, 3> rest = A - lp::product(*L, X, Y);
    return lp::frobenius_norm(rest);
  };
  Tensor<double, 3> X = lp::product(*L, t.factors.U, t.factors.S);
  const auto Y = lp::conjugate_transpose(*L, t.factors.V);
  const double start = error(X, Y);
  CHECK(start == Approx(t.error).epsilon(1e-12));
  Tensor<double, 3> gradient = X;
  for (std::size_t i = 0; i < X.size(); ++i) {
    Tensor<double, 3> plus = X, minus = X;
    plus.data()[i] += 1e-6;
    minus.data()[i] -= 1e-6;
    gradient.data()[i] = (error(plus, Y) - error(minus, Y)) / 2e-6;
  }
  double best = start;
  for (double step = 1; step > 1e-6; step /= 2) {
    const Tensor<double, 3> moved = X - step * gradient;
    best = std::min(best, error(moved, Y));
  }
  CHECK(best < start * (1 - 1e-4));
}

TEST_CASE("Truncation by one threshold is the best for its number of singular values") {
  for (int p : factor_lengths)
    for (const auto& [name, L] : table_plans(p)) {
      CAPTURE(name, p);
      const auto A = random_tensor(5, 4, p, 63);
      const auto all = lp::truncate_energy(*L, A, 1);
      CHECK(all.error <= 1e-12 * lp::frobenius_norm(A));
      const double total = lp::energy(lp::to_spectral(*L, A));
      const auto t = lp::truncate_energy(*L, A, 0.8);
      CHECK(t.discarded <= 0.2 * total);
      const auto values = lp::tsvd(*L, A).singular_values;
      double smallest = INFINITY;
      for (std::size_t k = 0; k < values.shape(0); ++k)
        if (t.multirank[k] > 0) smallest = std::min(smallest, values(k, t.multirank[k] - 1));
      for (std::size_t k = 0; k < values.shape(0); ++k)  // nothing left out is larger than anything kept
        if (t.multirank[k] < 4) CHECK(values(k, t.multirank[k]) < smallest);
      CHECK(lp::truncate_threshold(*L, A, smallest).discarded > 0.2 * total);  // one fewer would be too few
      CHECK(lp::truncate_threshold(*L, A, smallest * (1 - 1e-9)).multirank == t.multirank);
      if (L->scale() > 0) CHECK(t.error * t.error == Approx(t.discarded / L->scale()).epsilon(1e-10));

      const auto none = lp::truncate_threshold(*L, A, 1e9);
      CHECK(none.multirank == std::vector<int>(L->slices().size(), 0));
      CHECK(none.error == Approx(lp::frobenius_norm(A)));
    }
}

TEST_CASE("Truncation refuses ranks, thresholds and fractions that mean nothing") {
  const auto L = plan_of("dft", 5);
  const auto A = random_tensor(3, 4, 5, 64);
  CHECK_THROWS_AS(lp::truncate_tubal_rank(*L, A, 4), UsageError);
  CHECK_THROWS_AS(lp::truncate_tubal_rank(*L, A, -1), UsageError);
  CHECK_THROWS_AS(lp::truncate_multirank(*L, A, {1, 1}), UsageError);
  CHECK_THROWS_AS(lp::truncate_threshold(*L, A, NAN), UsageError);
  CHECK_THROWS_AS(lp::truncate_energy(*L, A, 0), UsageError);
  CHECK_THROWS_AS(lp::truncate_energy(*L, A, 1.5), UsageError);
}
