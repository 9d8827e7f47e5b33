// Golden values by numpy and scipy 1.10.1: itertools.product over all resamples with numpy.quantile,
// scipy.stats.permutation_test(permutation_type='samples'), scipy.stats.bootstrap(method='percentile',
// n_resamples=200000).
#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/statistics/statistics.hpp"

using namespace tubal::statistics;

static const std::vector<double> x = {0.8121, 0.7987, 0.8043, 0.8210, 0.7899},
                                 y = {0.8012, 0.7933, 0.8101, 0.8077, 0.7850};

static std::vector<double> minus(std::vector<double> a, const std::vector<double>& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] -= b[i];
  return a;
}

TEST_CASE("mean and sample deviation") {
  CHECK(mean(x) == Approx(0.8052).epsilon(1e-14));
  CHECK(deviation(x) == Approx(0.011983321743156174).epsilon(1e-12));
  CHECK(std::isnan(mean({})));
  CHECK(std::isnan(deviation(std::vector<double>{1.})));
}

TEST_CASE("the bootstrap of few values is exact, of many seeded") {
  const Interval i = bootstrap_mean(x);
  CHECK(i.low == Approx(0.7961).epsilon(1e-12));
  CHECK(i.high == Approx(0.81476).epsilon(1e-12));
  const std::vector<double> z = {1.2, 0.4, -0.3, 2.2, 0.9, 1.1, 0.2, 0.7, 1.9, -0.8, 0.5, 1.0};
  const Interval a = bootstrap_mean(z), b = bootstrap_mean(z), other = bootstrap_mean(z, 0.95, 20000, 1);
  CHECK(a.low == b.low);
  CHECK(a.high == b.high);
  CHECK(a.low == Approx(0.29166666).margin(0.02));
  CHECK(a.high == Approx(1.20833333).margin(0.02));
  CHECK(other.low == Approx(a.low).margin(0.02));
  CHECK(std::isnan(bootstrap_mean(std::vector<double>{1.}).low));
}

TEST_CASE("the sign-flip test is exact") {
  CHECK(sign_flip(minus(x, y)) == Approx(0.25).epsilon(1e-14));
  CHECK(sign_flip(std::vector<double>{0.3, 0.1, 0.25, 0.4, -0.05, 0.2, 0.31}) ==
        Approx(0.03125).epsilon(1e-14));
  CHECK(sign_flip(std::vector<double>{0.1, 0.1, 0.1, 0.1, 0.1, 0.1}) == Approx(2. / 64));  // the least of six
  CHECK(sign_flip(std::vector<double>{0., 0., 0.}) == 1.);
  CHECK(std::isnan(sign_flip({})));
  std::vector<double> many(24, 0.01);  // sampled: 2 / 2^24 is out of reach, the observed pattern counts
  CHECK(sign_flip(many) == Approx(1e-5).margin(1e-5));
  for (std::size_t i = 0; i < 12; ++i) many[i] = -0.01;
  CHECK(sign_flip(many) == 1.);
}

TEST_CASE("Holm's correction steps down and skips what was not tested") {
  const std::vector<double> p = {0.01, 0.04, NAN, 0.03, 0.005}, want = {0.03, 0.06, NAN, 0.06, 0.02};
  const std::vector<double> got = holm(p);
  for (std::size_t i = 0; i < p.size(); ++i)
    CHECK((std::isnan(want[i]) ? std::isnan(got[i]) : std::abs(got[i] - want[i]) <= 1e-14));
  CHECK(holm(std::vector<double>{0.9, 0.8}) == std::vector<double>{1., 1.});
}

TEST_CASE("the Pareto front holds what nothing dominates") {
  const std::vector<double> cost = {1, 2, 3, 1, 2, NAN}, value = {5, 6, 6, 4, 6, 9};
  CHECK(pareto(cost, value) == std::vector<bool>{true, true, false, false, true, false});
}
