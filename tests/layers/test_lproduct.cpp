// Laws of the L-product, its identity, transpose, inverse and norms, over every transform of the table
// and the unnormalised DFT.
//
// Faults read in other programs for this algebra, and the test that catches each here:
// - An inverse that applies L again, M^T for the inverse of an M that is not orthogonal, a DFT never divided
//   by p: "to the spectral domain and back", and the laws of every transform.
// - An antisymmetric part made as W + W^H; a conjugate transpose that does not conjugate, or that goes slice
//   by slice in the original domain under the DFT: "conjugate transpose, symmetric and antisymmetric parts".
// - A spectral softmax whose way back starts from the logits: "a spectral softmax comes back".
// - `haar` meaning Haar-random instead of the wavelet: "`haar` is the wavelet".
// - A t-SVD that holds in the spectral domain alone, or only for the random M that was tested; separate SVDs
//   of conjugate faces, whose factors are not real: "t-SVD and QR" (every transform, real factors).
// - A truncation that takes the diagonal of singular values stored as rows: "Tubal rank and multirank",
//   "Truncation by one threshold".
// - Double precision alone: "in double and float", "t-SVD in float". No batch axis: "batches".
#include <catch2/catch.hpp>

#include "tests/layers/lproduct_helpers.hpp"

using namespace tubal;
using namespace tubal::test;
namespace lp = tubal::lproduct;

static const std::vector<int> lengths = {1, 2, 3, 5, 6, 8};

TEST_CASE("L-product: equals the definition with the full complex L, and is associative") {
  for (int p : lengths)
    for (const auto& [name, L] : table_plans(p)) {
      CAPTURE(name, p);
      const auto A = random_tensor(3, 2, p, 1), B = random_tensor(2, 4, p, 2), C = random_tensor(4, 1, p, 3);
      const auto AB = lp::product(*L, A, B);
      CHECK(difference(AB, direct_product(*L, A, B)) <= 1e-12);
      CHECK(difference(lp::product(*L, AB, C), lp::product(*L, A, lp::product(*L, B, C))) <= 1e-12);
    }
}

TEST_CASE("L-product: the unnormalised DFT gives the block-circulant product") {
  for (int p : lengths) {
    const auto A = random_tensor(2, 3, p, 4), B = random_tensor(3, 2, p, 5);
    Tensor<double, 3> C = Tensor<double, 3>::from_shape({2, 2, std::size_t(p)});
    for (int i = 0; i < 2; ++i)
      for (int j = 0; j < 2; ++j)
        for (int l = 0; l < p; ++l) {
          C(i, j, l) = 0;
          for (int s = 0; s < p; ++s)  // block (l, s) of bcirc(A) is slice l - s modulo p
            for (int c = 0; c < 3; ++c) C(i, j, l) += A(i, c, (l - s + p) % p) * B(c, j, s);
        }
    CAPTURE(p);
    CHECK(difference(lp::product(unnormalised_dft(p), A, B), C) <= 1e-12);
  }
}

TEST_CASE("L-product: to the spectral domain and back changes nothing, in double and float") {
  // An `inverse` that applies L again, or L^T for an L that is not orthogonal, or a DFT not
  // divided by p, fails here.
  for (int p : lengths)
    for (const auto& [name, L] : table_plans(p)) {
      CAPTURE(name, p);
      const auto A = random_tensor(3, 2, p, 6);
      CHECK(difference(lp::to_original(*L, lp::to_spectral(*L, A)), A) <= 1e-12);
      const auto B = random_tensor<float>(3, 2, p, 6);
      CHECK(difference(lp::to_original(*L, lp::to_spectral(*L, B)), B) <= 1e-5);
    }
}

TEST_CASE("L-product: the identity's tube is L^-1 1") {
  for (int p : lengths)
    for (const auto& [name, L] : table_plans(p)) {
      CAPTURE(name, p);
      const Tensor<double, 3> I = lp::identity<double>(*L, 3), A = random_tensor(3, 3, p, 7);
      CHECK(difference(lp::product(*L, I, A), A) <= 1e-12);
      CHECK(difference(lp::product(*L, A, I), A) <= 1e-12);
      const Tensor<Complex, 2> Li = inverted(L->matrix());
      double worst = 0;
      for (int i = 0; i < 3; ++i)
        for (int j = 0; j < 3; ++j)
          for (int l = 0; l < p; ++l) {
            Complex tube = 0;
            for (int k = 0; k < p; ++k) tube += Li(l, k);
            worst = std::max(worst, std::abs(I(i, j, l) - (i == j ? tube : 0.0)));
          }
      CHECK(worst <= 1e-12);
      if (name == "unnormalised dft" || name == "cosine_product")
        for (int l = 0; l < p; ++l) CHECK(I(0, 0, l) == Approx(l == 0).margin(1e-12));
    }
}

TEST_CASE("L-product: conjugate transpose, symmetric and antisymmetric parts, inverse") {
  for (int p : lengths)
    for (const auto& [name, L] : table_plans(p)) {
      CAPTURE(name, p);
      const auto A = random_tensor(3, 4, p, 8), B = random_tensor(4, 2, p, 9), S = random_tensor(3, 3, p, 10);
      const auto H = [&l = *L](const Tensor<double, 3>& X) { return lp::conjugate_transpose(l, X); };
      CHECK(difference(H(lp::product(*L, A, B)), lp::product(*L, H(B), H(A))) <= 1e-12);
      CHECK(difference(H(H(A)), A) <= 1e-12);
      if (name.ends_with("dft")) {  // transpose, then reverse slices 1..p-1
        const auto AH = H(A);
        for (int l = 0; l < p; ++l) CHECK(AH(1, 2, l) == Approx(A(2, 1, (p - l) % p)).margin(1e-12));
      } else {
        CHECK(H(A)(1, 2, p - 1) == Approx(A(2, 1, p - 1)).margin(1e-12));
      }
      // An antisymmetric part is S - S^H, not S + S^H: x^H (S - S^H) x has no symmetric part.
      const Tensor<double, 3> skew = S - H(S), x = random_tensor(3, 1, p, 11);
      const Tensor<double, 3> minus = -skew, form = lp::product(*L, H(x), lp::product(*L, skew, x));
      CHECK(difference(H(skew), minus) <= 1e-12);
      const Tensor<double, 3> negated = -form;
      CHECK(difference(H(form), negated) <= 1e-11);

      const auto X = lp::inverse(*L, S), I = lp::identity<double>(*L, 3);
      CHECK(difference(lp::product(*L, S, X), I) <= 1e-9);
      CHECK(difference(lp::product(*L, X, S), I) <= 1e-9);
      CHECK(lp::is_orthogonal(*L, I));
      CHECK_FALSE(lp::is_orthogonal(*L, S));
      CHECK_FALSE(lp::is_orthogonal(*L, A));
    }
}

TEST_CASE("L-product: norms carry the scale, and complex faces count twice") {
  for (int p : lengths)
    for (const auto& [name, L] : table_plans(p)) {
      CAPTURE(name, p);
      const auto A = random_tensor(3, 4, p, 12);
      if (L->scale() == 0) {
        CHECK_THROWS_AS(lp::nuclear_norm(*L, A), UsageError);
        CHECK_THROWS_AS(lp::spectral_norm(*L, A), UsageError);
        continue;
      }
      const double l = L->scale(), f = lp::frobenius_norm(A);
      CHECK(lp::energy(lp::to_spectral(*L, A)) == Approx(l * f * f).epsilon(1e-12));
      // |A|_* is dual to |A|_2: with A = U S V^H, <A, U V^H> = |A|_* and |U V^H|_2 = 1.
      const auto svd = lp::tsvd(*L, A);
      const auto W = lp::product(*L, svd.U, lp::conjugate_transpose(*L, svd.V));
      double inner = 0;
      for (std::size_t i = 0; i < A.size(); ++i) inner += A.data()[i] * W.data()[i];
      CHECK(lp::nuclear_norm(*L, A) == Approx(inner).epsilon(1e-11));
      CHECK(lp::spectral_norm(*L, W) == Approx(1).epsilon(1e-11));
      // |A|_2 is the operator norm: power iteration on A^H A reaches it.
      Tensor<double, 3> x = random_tensor(4, 1, p, 13);
      const auto AH = lp::conjugate_transpose(*L, A);
      double size = 0;
      for (int i = 0; i < 3000; ++i) {
        x = lp::product(*L, AH, lp::product(*L, A, x));
        size = lp::frobenius_norm(x);
        x = x / size;
      }
      CHECK(std::sqrt(size) == Approx(lp::spectral_norm(*L, A)).epsilon(1e-6));
    }
}

TEST_CASE("L-product: batches, member by member and one against all") {
  const auto L = plan_of("dft", 5);
  Tensor<double, 4> A = Tensor<double, 4>::from_shape({3, 2, 2, 5}),
                    B = Tensor<double, 4>::from_shape({1, 2, 3, 5});
  const auto b = random_tensor(2, 3, 5, 20);
  std::copy(b.begin(), b.end(), B.data());
  for (int i = 0; i < 3; ++i) {
    const auto a = random_tensor(2, 2, 5, 21 + i);
    std::copy(a.begin(), a.end(), A.data() + i * a.size());
  }
  const Tensor<double, 4> C = lp::product(*L, A, B);
  for (int i = 0; i < 3; ++i) {
    const auto c = direct_product(*L, random_tensor(2, 2, 5, 21 + i), b);
    for (std::size_t j = 0; j < c.size(); ++j)
      CHECK(C.data()[i * c.size() + j] == Approx(c.data()[j]).margin(1e-12));
  }
  const Tensor<double, 4> two = Tensor<double, 4>::from_shape({2, 2, 3, 5});
  CHECK_THROWS_AS(lp::product(*L, A, two), UsageError);
}

TEST_CASE("L-product: a spectral softmax comes back through the inverse of what it made") {
  // One peer inverts the tensor before its softmax.
  // Columns of probabilities in every face sum to the identity's tube.
  const auto L = plan_of("cosine_product", 4);
  lp::Faces<double> faces = lp::to_spectral(*L, random_tensor(3, 2, 4, 30));
  for (auto& a : faces.real)
    for (std::size_t j = 0; j < 2; ++j) {
      double sum = 0;
      for (std::size_t i = 0; i < 3; ++i) sum += a(i, j) = std::exp(a(i, j));
      for (std::size_t i = 0; i < 3; ++i) a(i, j) /= sum;
    }
  const auto P = lp::to_original(*L, faces);
  const Tensor<Complex, 2> Li = inverted(L->matrix());
  for (int l = 0; l < 4; ++l) {
    const double one = (Li(l, 0) + Li(l, 1) + Li(l, 2) + Li(l, 3)).real();  // (L^-1 1)_l
    CHECK(P(0, 1, l) + P(1, 1, l) + P(2, 1, l) == Approx(one).margin(1e-12));
  }
}

TEST_CASE("L-product: `haar` is the wavelet, not an orthogonal matrix drawn from Haar measure") {
  const auto L = plan_of("haar", 4);
  const double a = 0.5, b = std::sqrt(0.5);
  const double rows[4][4] = {{a, a, a, a}, {a, a, -a, -a}, {b, -b, 0, 0}, {0, 0, b, -b}};
  for (int l = 0; l < 4; ++l) {
    Tensor<double, 3> e = Tensor<double, 3>::from_shape({1, 1, 4});
    e.fill(0);
    e(0, 0, l) = 1;
    const auto faces = lp::to_spectral(*L, e);
    for (int k = 0; k < 4; ++k) CHECK(faces.real[k](0, 0) == Approx(rows[k][l]).margin(1e-15));
  }
}

TEST_CASE("L-product: what does not fit is refused with the reason") {
  using Catch::Matchers::Contains;
  const auto L = plan_of("dct", 4);
  const auto A = random_tensor(2, 3, 4, 1);
  CHECK_THROWS_WITH(lp::product(*L, A, A), Contains("[2, 3, 4] and [2, 3, 4]"));
  CHECK_THROWS_WITH(lp::conjugate_transpose(*L, random_tensor(2, 3, 5, 1)), Contains("planned for p = 4"));
  CHECK_THROWS_WITH(lp::inverse(*L, A), Contains("as many rows as columns"));
  const auto S = lp::product(*L, random_tensor(3, 2, 4, 1), random_tensor(2, 3, 4, 2));
  CHECK_THROWS_WITH(lp::inverse(*L, S), Contains("face 0 (bin 0) is singular"));
  Tensor<double, 3> N = random_tensor(3, 3, 4, 1);
  N(1, 1, 1) = NAN;
  CHECK_THROWS_WITH(lp::tsvd(*L, N), Contains("NaN"));
  CHECK_THROWS_WITH(lp::qr(*L, N), Contains("NaN"));
  CHECK_THROWS_AS(lp::inverse(*L, N), UsageError);
  CHECK(std::isnan(lp::orthogonality_error(*L, N)));
  CHECK_FALSE(lp::is_orthogonal(*L, N));
  const Tensor<double, 3> empty = Tensor<double, 3>::from_shape({0, 2, 4});
  CHECK_THROWS_WITH(lp::to_spectral(*L, empty), Contains("at least 1"));
}
