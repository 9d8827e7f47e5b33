// One head's attention, forward and backward, against its definition, at lengths and widths around packs; and
// the causal one, also for the last queries of a sequence alone.
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "core/random.hpp"
#include "layers/stack/attention_head.hpp"

using namespace tubal;

namespace {

constexpr double outside = 12345;    // what lies beside a head's columns
using Matrix = std::vector<double>;  // [n, e]

struct Reference {
  Matrix O, dQ, dK, dV;
};

// Written out in double: O = P V, P = softmax(Q K^T / sqrt(e)), and its derivative along dO.
Reference reference(std::size_t n, std::size_t e, const Matrix& Q, const Matrix& K, const Matrix& V,
                    const Matrix& dO, bool causal) {
  Reference r{Matrix(n * e), Matrix(n * e), Matrix(n * e), Matrix(n * e)};
  const double scale = 1 / std::sqrt(static_cast<double>(e));
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<double> P(n), dP(n);
    double total = 0, mean = 0;
    const std::size_t seen = causal ? i + 1 : n;
    for (std::size_t j = 0; j < seen; ++j) {
      double s = 0;
      for (std::size_t c = 0; c < e; ++c) s += Q[i * e + c] * K[j * e + c];
      total += P[j] = std::exp(scale * s);
    }
    for (std::size_t j = 0; j < seen; ++j) {
      P[j] /= total;
      for (std::size_t c = 0; c < e; ++c) {
        r.O[i * e + c] += P[j] * V[j * e + c];
        r.dV[j * e + c] += P[j] * dO[i * e + c];
        dP[j] += dO[i * e + c] * V[j * e + c];
      }
      mean += P[j] * dP[j];
    }
    for (std::size_t j = 0; j < seen; ++j)
      for (std::size_t c = 0; c < e; ++c) {
        const double dS = P[j] * (dP[j] - mean) * scale;
        r.dQ[i * e + c] += dS * K[j * e + c];
        r.dK[j * e + c] += dS * Q[i * e + c];
      }
  }
  return r;
}

// A head's matrix inside wider rows, filled elsewhere.
template <class T>
struct Wide {
  std::size_t n, e, stride;
  std::vector<T> x;
  Wide(std::size_t n_, std::size_t e_, const Matrix* values = nullptr)
      : n(n_), e(e_), stride(e_ + 7), x(n_ * stride, static_cast<T>(outside)) {
    for (std::size_t i = 0; values && i < n; ++i)
      for (std::size_t c = 0; c < e; ++c) x[i * stride + c] = static_cast<T>((*values)[i * e + c]);
  }
  MatrixView<T> rows(std::size_t from = 0) { return {x.data() + from * stride, n - from, e, stride}; }
  MatrixView<const T> read(std::size_t from = 0) const {
    return {x.data() + from * stride, n - from, e, stride};
  }
  // Largest error; infinite where a number is NaN or one beside the head has changed.
  double error(const Matrix& expected) const {
    double worst = 0;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t c = 0; c < stride; ++c) {
        const double d =
            std::abs(static_cast<double>(x[i * stride + c]) - (c < e ? expected[i * e + c] : outside));
        if (!(d <= worst)) worst = c < e && d < INFINITY ? d : INFINITY;
      }
    return worst;
  }
};

}  // namespace

TEMPLATE_TEST_CASE("attention: forward and backward are those of the definition", "[attention]", float,
                   double) {
  using T = TestType;
  const double tolerance = std::is_same_v<T, float> ? 2e-5 : 1e-12;
  for (const bool causal : {false, true})
    for (const std::size_t n : {1u, 2u, 15u, 16u, 33u, 57u, 130u})
      for (const std::size_t e : {1u, 3u, 4u, 8u, 16u, 24u, 32u, 64u}) {
        const RandomStream random(11, Purpose::test, n * 100 + e);
        Matrix m[4];
        for (int k = 0; k < 4; ++k)
          for (std::size_t i = 0; i < n * e; ++i) m[k].push_back(random.normal(k * n * e + i));
        const Reference r = reference(n, e, m[0], m[1], m[2], m[3], causal);
        const Wide<T> Q(n, e, &m[0]), K(n, e, &m[1]), V(n, e, &m[2]), dO(n, e, &m[3]);
        Wide<T> O(n, e), dQ(n, e), dK(n, e), dV(n, e), later(n, e);
        std::vector<T> log_sum_exp(n), scratch(attention_scratch<T>(n, e), static_cast<T>(NAN));
        attention_forward<T>(causal, Q.read(), K.read(), V.read(), O.rows(), log_sum_exp.data(),
                             scratch.data());
        attention_backward<T>(causal, Q.read(), K.read(), V.read(), O.read(), dO.read(), log_sum_exp.data(),
                              dQ.rows(), dK.rows(), dV.rows(), scratch.data());
        CAPTURE(n, e, causal);
        CHECK(O.error(r.O) <= tolerance);
        CHECK(dQ.error(r.dQ) <= tolerance);
        CHECK(dK.error(r.dK) <= tolerance);
        CHECK(dV.error(r.dV) <= tolerance);
        // The second half of the queries alone, over all keys.
        const std::size_t from = n / 2;
        attention_forward<T>(causal, Q.read(from), K.read(), V.read(), later.rows(from), log_sum_exp.data(),
                             scratch.data());
        for (std::size_t i = 0; i < from; ++i)
          for (std::size_t c = 0; c < e; ++c) later.x[i * later.stride + c] = static_cast<T>(r.O[i * e + c]);
        CHECK(later.error(r.O) <= tolerance);
      }
}
