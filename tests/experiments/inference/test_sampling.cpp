// What is drawn from logits: the laws of temperature, top-k and top-p, and the draws' frequencies.
#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/error.hpp"
#include "core/random.hpp"
#include "experiments/inference/sampling.hpp"

using namespace tubal;
using Catch::Matchers::Contains;

namespace {

// Distinct ones, and with `ties` many that are equal.
std::vector<float> logits(std::size_t V, std::uint64_t seed, bool ties) {
  const RandomStream random(seed, Purpose::test);
  std::vector<float> x(V);
  for (std::size_t v = 0; v < V; ++v) {
    x[v] = static_cast<float>(3 * random.normal(v));
    if (ties) x[v] = std::round(x[v]);
  }
  return x;
}

std::vector<double> softmax(const std::vector<float>& x, double temperature) {
  std::vector<double> p(x.size());
  const double most = *std::max_element(x.begin(), x.end());
  for (std::size_t v = 0; v < x.size(); ++v) p[v] = std::exp((x[v] - most) / temperature);
  const double sum = std::accumulate(p.begin(), p.end(), 0.0);
  for (double& y : p) y /= sum;
  return p;
}

// The likeliest first; of equal ones the smaller number.
std::vector<std::int32_t> by_likelihood(const std::vector<float>& x) {
  std::vector<std::int32_t> order(x.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return x[a] > x[b]; });
  return order;
}

}  // namespace

TEST_CASE("sampling: what may follow, for any temperature, top-k and top-p", "[sampling]") {
  for (const bool ties : {false, true})
    for (const std::size_t V : {1u, 2u, 17u, 300u})
      for (const double temperature : {0.05, 0.8, 1.0, 3.0})
        for (const int k : {0, 1, 2, 10, 1000})
          for (const double p : {1.0, 0.99, 0.5, 0.1, 1e-9}) {
            const std::vector<float> x = logits(V, V, ties);
            Sampler sampler({temperature, k, p}, V);
            const auto choices = sampler.choices(x);
            CAPTURE(ties, V, temperature, k, p);
            const std::vector<double> all = softmax(x, temperature);
            const std::vector<std::int32_t> order = by_likelihood(x);
            const std::size_t most = k ? std::min<std::size_t>(V, k) : V;
            double of_k = 0, kept = 0, sum = 0;
            for (std::size_t i = 0; i < most; ++i) of_k += all[order[i]];
            REQUIRE(!choices.empty());
            REQUIRE(choices.size() <= most);
            for (const auto& c : choices) {
              kept += all[c.token];
              sum += c.probability;
            }
            CHECK(std::abs(sum - 1) <= 1e-12);
            // The smallest set with that share: enough, and without its last one too little.
            CHECK(kept >= p * of_k * (1 - 1e-12));
            if (k || p < 1) {
              CHECK(kept - all[choices.back().token] < p * of_k * (1 + 1e-12));
              for (std::size_t i = 0; i < choices.size(); ++i) REQUIRE(choices[i].token == order[i]);
            }
            for (const auto& c : choices)
              REQUIRE(c.probability == Approx(all[c.token] / kept).epsilon(1e-12).margin(1e-300));
          }
}

TEST_CASE("sampling: temperature 0 and top-k 1 are the argmax", "[sampling]") {
  for (const bool ties : {false, true})
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      const std::vector<float> x = logits(50, seed, ties);
      const std::int32_t best = by_likelihood(x)[0];
      for (const SamplingSettings& s : {SamplingSettings{0, 0, 1}, SamplingSettings{0, 7, 0.2},
                                        SamplingSettings{1.5, 1, 1}, SamplingSettings{1, 0, 1e-12}}) {
        Sampler sampler(s, 50);
        for (const double u : {0.0, 0.3, 1 - 0x1p-53}) CHECK(sampler.draw(x, u) == best);
      }
      // Towards 0 it is the limit.
      CHECK(Sampler({1e-300, 0, 1}, 50).draw(x, 0) == best);
      // The likeliest of what may be drawn.
      CHECK(Sampler({0, 0, 1}, 50, {best}).draw(x, 0.5) == by_likelihood(x)[1]);
    }
}

TEST_CASE("sampling: draws are as frequent as they are likely", "[sampling]") {
  constexpr std::size_t V = 40;
  constexpr int draws = 200000;
  const std::vector<float> x = logits(V, 2, false);
  for (const SamplingSettings& s : {SamplingSettings{1, 0, 1}, SamplingSettings{0.7, 12, 1},
                                    SamplingSettings{1.3, 0, 0.9}, SamplingSettings{2, 20, 0.8}}) {
    Sampler sampler(s, V, {1, 5});
    const auto view = sampler.choices(x);
    const std::vector<Sampler::Choice> exact(view.begin(), view.end());
    std::vector<int> seen(V, 0);
    const RandomStream random(17, Purpose::sample, 3);
    for (int i = 0; i < draws; ++i) ++seen[sampler.draw(x, random.uniform(i))];
    CHECK(seen[1] + seen[5] == 0);
    double square = 0, left = draws;
    int cells = 0;
    for (const auto& c : exact) {
      const double expected = c.probability * draws;
      left -= seen[c.token];
      if (expected < 5) continue;  // where the approximation does not hold
      square += (seen[c.token] - expected) * (seen[c.token] - expected) / expected;
      ++cells;
    }
    CHECK(left == 0);
    REQUIRE(cells > 5);
    const boost::math::chi_squared law(cells - 1);
    CAPTURE(s.temperature, s.top_k, s.top_p, square, cells);
    CHECK(boost::math::cdf(boost::math::complement(law, square)) > 1e-3);
    CHECK(boost::math::cdf(law, square) > 1e-3);
  }
}

TEST_CASE("sampling: the choices lie side by side in the unit interval", "[sampling]") {
  const std::vector<float> x = logits(9, 6, false);
  Sampler sampler({1, 0, 1}, 9);
  const auto view = sampler.choices(x);
  const std::vector<Sampler::Choice> exact(view.begin(), view.end());
  double before = 0;
  for (const auto& c : exact) {
    CHECK(sampler.draw(x, before + 0.5 * c.probability) == c.token);
    before += c.probability;
  }
}

TEST_CASE("sampling: settings out of range and logits that are none are refused", "[sampling]") {
  const double nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
  for (const double t : {nan, infinity, -infinity, -0.1})
    CHECK_THROWS_WITH(Sampler({t, 0, 1}, 5), Contains("temperature"));
  for (const double p : {nan, 0.0, -0.5, 1.0000001, infinity})
    CHECK_THROWS_WITH(Sampler({1, 0, p}, 5), Contains("top-p"));
  CHECK_THROWS_WITH(Sampler({1, -1, 1}, 5), Contains("top-k"));
  CHECK_THROWS_AS(Sampler({1, 0, 1}, 2, {0, 1}), UsageError);
  for (const float bad : {std::nanf(""), std::numeric_limits<float>::infinity()}) {
    std::vector<float> x = logits(5, 1, false);
    x[3] = bad;
    CHECK_THROWS_AS(Sampler({1, 0, 1}, 5).choices(x), Error);
    CHECK_THROWS_AS(Sampler({0, 0, 1}, 5).choices(x), Error);
  }
}
