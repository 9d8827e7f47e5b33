// Statistics against scipy's values (statistics_reference.py), and what is said of too few, missing and
// diverged trials.
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "analysis/statistics/cells.hpp"
#include "core/error.hpp"
#include "core/random.hpp"

using namespace tubal;
using namespace tubal::statistics;
using Json = nlohmann::json;

static Json reference() {
  return Json::parse(std::ifstream(TUBAL_SOURCE "/tests/analysis/statistics/statistics_reference.json"));
}

static bool near(double a, double b, double relative = 1e-10) {
  return std::abs(a - b) <= relative * std::max(1e-3, std::abs(b));
}

TEST_CASE("Statistics of paired seeds agree with scipy") {
  const Json all = reference();
  int ties = 0;
  for (const Json& c : all["pairs"]) {
    const std::vector<double> x = c["x"], y = c["y"];
    std::vector<double> d = x;
    for (std::size_t i = 0; i < d.size(); ++i) d[i] -= y[i];
    CAPTURE(c.dump());
    CHECK(near(mean(x), c["mean"]));
    CHECK(near(deviation(x), c["deviation"]));
    const Interval t = t_interval(d), b = bootstrap_mean(d);
    // scipy 1.10 has quantiles of t to about 1e-9 (one degree of freedom: tan(0.475 pi), which Boost meets).
    CHECK(near(t.low, c["t_interval"][0], 1e-7));
    CHECK(near(t.high, c["t_interval"][1], 1e-7));
    // All resamples up to six values; above that two samples of resamples, scipy's of 200,000.
    const double low = c["bootstrap"][0], high = c["bootstrap"][1];
    // Means of values with two digits lie 0.01 / n apart.
    const double step = c["ties"] ? 0.01 / double(d.size()) : 0;
    const double allowed = d.size() <= 6 ? 1e-12 : 0.03 * (high - low) + step;
    CHECK(std::abs(b.low - low) <= allowed);
    CHECK(std::abs(b.high - high) <= allowed);
    CHECK(near(sign_flip(d), c["sign_flip"]));
    CHECK(near(wilcoxon(d), c["wilcoxon"]));
    CHECK(near(probability_of_improvement(x, y), c["improvement"]));
    // Two samples of resamples again; shares of n^2 pairs lie 1 / n^2 apart (half of that with ties).
    const Interval better = bootstrap_improvement(x, y);
    const double pairs = double(d.size() * d.size());
    CHECK(std::abs(better.low - c["improvement_interval"][0].get<double>()) <= 0.01 + 1 / pairs);
    CHECK(std::abs(better.high - c["improvement_interval"][1].get<double>()) <= 0.01 + 1 / pairs);
    for (const Json& m : c["non_inferiority"]) {
      const NonInferiority r = non_inferiority(d, m["margin"]);
      CHECK(near(r.p, m["p"], 1e-9));
      CHECK(near(r.bound, m["bound"], 1e-7));
      CHECK(r.shown == (m["p"].get<double>() < 0.05));
    }
    ties += c["ties"].get<bool>();
  }
  CHECK(ties >= 3);
}

TEST_CASE("McNemar's test and Holm's correction agree with scipy and the definition") {
  const Json all = reference();
  for (const Json& c : all["mcnemar"]) {
    const McNemar m = mcnemar(c["b"].get<long>(), c["c"].get<long>());
    CAPTURE(c.dump());
    CHECK(near(m.exact, c["exact"], 1e-9));
    CHECK(near(m.mid, c["mid"], 1e-9));
  }
  for (const Json& c : all["holm"]) {
    const std::vector<double> p = c["p"], corrected = holm(p);
    for (std::size_t i = 0; i < p.size(); ++i) CHECK(near(corrected[i], c["corrected"][i]));
  }
  const std::vector<int> labels = {0, 1, 2, 1, 0}, first = {0, 1, 1, 1, 2}, second = {0, 2, 2, 0, 1};
  const McNemar m = mcnemar(labels, first, second);
  CHECK(m.both == 1);
  CHECK(m.only_first == 2);
  CHECK(m.only_second == 1);
  CHECK(m.neither == 1);
  CHECK_THROWS_AS(mcnemar(labels, first, std::span(second).first(4)), UsageError);
  CHECK_THROWS_AS(mcnemar(-1, 2), UsageError);
}

TEST_CASE("Many pairs: the sampled sign-flip test is near the exact one, and repeats") {
  std::vector<double> d(24);
  const RandomStream random(5, Purpose::test);
  for (std::size_t i = 0; i < d.size(); ++i) d[i] = random.normal(i) + 0.35;
  // Exact by convolution over whole thousandths of the values.
  std::vector<double> rounded = d, chance(1, 1.);
  long observed = 0, total = 0;
  for (double& v : rounded) {
    const long size = std::lround(std::abs(v) * 1000);
    v = std::copysign(double(size) / 1000, v);
    observed += v > 0 ? size : -size;
    total += size;
    std::vector<double> next(chance.size() + 2 * size, 0.);
    for (std::size_t w = 0; w < chance.size(); ++w) {
      next[w] += chance[w] / 2;
      next[w + 2 * size] += chance[w] / 2;
    }
    chance = std::move(next);
  }
  double exact = 0;
  for (std::size_t w = 0; w < chance.size(); ++w)
    if (std::abs(long(w) - total) >= std::abs(observed)) exact += chance[w];
  CHECK(exact > 0.01);
  CHECK(exact < 0.5);
  const double p = sign_flip(rounded, 1);
  CHECK(std::abs(p - exact) <= 5 * std::sqrt(exact * (1 - exact) / 1e5));
  CHECK(p == sign_flip(rounded, 1));
}

TEST_CASE("Intervals repeat, and cover as often as the header says") {
  const RandomStream random(6, Purpose::test);
  const auto coverage = [&](std::size_t n, int rounds) {
    int hits = 0;
    for (int r = 0; r < rounds; ++r) {
      std::vector<double> x(n);
      for (std::size_t i = 0; i < n; ++i) x[i] = random.normal(r * n + i);
      const Interval b = bootstrap_mean(x);
      hits += b.low <= 0 && 0 <= b.high;
    }
    return double(hits) / rounds;
  };
  CHECK(coverage(3, 4000) == Approx(0.68).margin(0.03));
  CHECK(coverage(5, 1000) == Approx(0.84).margin(0.04));
  const std::vector<double> x = {0.1, 0.3, 0.2, 0.5, 0.4, 0.8, 0.6}, y = {0.1, 0.2, 0.2, 0.4, 0.1, 0.3, 0.2};
  CHECK(bootstrap_mean(x, 0.95, 5000, 3).low == bootstrap_mean(x, 0.95, 5000, 3).low);
  CHECK(bootstrap_mean(x, 0.95, 500, 3).low != bootstrap_mean(x, 0.95, 501, 4).low);
  const Interval i = bootstrap_improvement(x, y);
  CHECK(i.low == bootstrap_improvement(x, y).low);
  CHECK(i.low < probability_of_improvement(x, y));
  CHECK(probability_of_improvement(x, y) < i.high);
  CHECK(probability_of_improvement(x, x) == Approx(0.5));
  CHECK(i.high <= 1);
}

TEST_CASE("The probability of improvement is the share of pairs, to the last bit") {
  const tubal::RandomStream random(11, tubal::Purpose::sample, 0);
  std::uint64_t index = 0;
  for (std::size_t n = 1; n <= 40; ++n) {
    std::vector<double> x(n), y(41 - n);  // few values, so that many are equal
    for (double& v : x) v = 0.1 * static_cast<double>(random.below(1 + n % 7, index++));
    for (double& v : y) v = 0.1 * static_cast<double>(random.below(1 + n % 5, index++));
    double wins = 0;
    for (const double a : x)
      for (const double b : y) wins += a > b ? 1 : a == b ? 0.5 : 0;
    CHECK(probability_of_improvement(x, y) == wins / static_cast<double>(x.size() * y.size()));
  }
}

TEST_CASE("What is not finite or not there gives no figure") {
  const std::vector<double> none, one = {0.5}, bad = {0.1, NAN, 0.3}, zero = {0, 0, 0};
  CHECK(std::isnan(mean(none)));
  CHECK(std::isnan(deviation(one)));
  CHECK(std::isnan(bootstrap_mean(one).low));
  CHECK(std::isnan(bootstrap_mean(bad).low));
  CHECK(std::isnan(sign_flip(none)));
  CHECK(std::isnan(sign_flip(bad)));
  CHECK(std::isnan(wilcoxon(none)));
  CHECK(std::isnan(wilcoxon(bad)));
  CHECK(std::isnan(wilcoxon(zero)));
  CHECK(sign_flip(zero) == 1);
  CHECK(std::isnan(t_interval(one).high));
  CHECK(std::isnan(probability_of_improvement(one, bad)));
  CHECK(std::isnan(bootstrap_improvement(one, zero).low));
  CHECK_FALSE(non_inferiority(one, 0.1).shown);
  CHECK(std::isnan(non_inferiority(bad, 0.1).p));
  // Equal differences have no spread for Student's t: by the sign test two of them show nothing, five do.
  for (const int n : {2, 3, 4, 5, 20}) {
    const std::vector<double> equal(static_cast<std::size_t>(n), -0.05);
    CHECK(non_inferiority(equal, 0.1).p == std::exp2(-n));
    CHECK(non_inferiority(equal, 0.1).shown == (n >= 5));
    CHECK(non_inferiority(equal, 0.01).p == 1);
    std::vector<double> rounded;  // as equal as subtracted accuracies are
    for (int i = 0; i < n; ++i) rounded.push_back((0.8905 - 0.01 * i) - (0.8905 - 0.01 * i + 0.05));
    CHECK(non_inferiority(rounded, 0.1).p == std::exp2(-n));
  }
  CHECK_FALSE(non_inferiority(zero, 0.1).shown);
  CHECK_THROWS_AS(non_inferiority(zero, 0), UsageError);
  CHECK_THROWS_AS(non_inferiority(zero, NAN), UsageError);
  CHECK(std::isnan(holm(bad)[1]));
  CHECK(holm(bad)[0] == Approx(0.2));
}

static bool says(const std::vector<std::string>& notes, const std::string& what) {
  for (const std::string& n : notes)
    if (n.find(what) != std::string::npos) return true;
  return false;
}

TEST_CASE("Cells: what was left out is named, and enters no figure") {
  const std::vector<SeedResult> cell = {{0, "complete", 0.8},
                                        {1, "diverged", 0.1},
                                        {2, "complete", 0.9},
                                        {3, "complete", NAN},
                                        {4, "failed", 0}};
  const CellSummary s = summarise(cell);
  CHECK(s.planned == 5);
  CHECK(s.used == 2);
  CHECK(s.mean == Approx(0.85));
  CHECK(s.student.high == Approx(0.85 + 12.706204736 * 0.05));
  CHECK(says(s.notes,
             "seed 1 (diverged), seed 3 (complete, but its figure is not a finite number), seed 4 (failed)"));
  CHECK(says(s.notes, "2 finished seeds: the bootstrap interval covers less than its nominal 95 %"));
  const CellSummary nothing = summarise(std::span(cell).subspan(1, 1));
  CHECK(std::isnan(nothing.mean));
  CHECK(says(nothing.notes, "no finished seed"));
  const std::vector<SeedResult> twice = {{0, "complete", 0.8}, {0, "complete", 0.9}};
  CHECK_THROWS_AS(summarise(twice), UsageError);
}

TEST_CASE("Comparisons: paired by seed, with what they cannot show") {
  std::vector<SeedResult> cell, base;
  for (long seed = 0; seed < 7; ++seed) {
    cell.push_back({seed, "complete", 0.80 + 0.01 * double(seed) + 0.003 * double(seed % 3 + 1)});
    base.push_back(
        {6 - seed, "complete", 0.80 + 0.01 * double(6 - seed)});  // another order: pairs go by seed
  }
  cell[2].state = "diverged";
  base[0].state = "planned";  // seed 6
  Options options;
  options.margin = 0.01;
  Comparison c = compare(cell, base, options);
  CHECK(c.pairs == 5);
  CHECK(c.difference == Approx((0.003 + 0.006 + 0.003 + 0.006 + 0.009) / 5));
  CHECK(c.sign_flip == Approx(2. / 32));
  CHECK(says(c.notes, "left out: seed 2 (diverged)"));
  CHECK(says(c.notes, "left out of the baseline: seed 6 (planned)"));
  CHECK(says(c.notes, "the baseline has no figure for seed 6"));
  CHECK(says(c.notes, "this cell has no figure for seed 2"));
  CHECK(says(c.notes, "with 5 no sign-flip p can be below 0.062"));
  REQUIRE(c.non_inferiority);
  CHECK(c.non_inferiority->shown);

  options.higher_is_better = false;
  options.margin = 0.001;
  const Comparison loss = compare(cell, base, options);
  CHECK(loss.difference == Approx(c.difference));
  CHECK(loss.improvement == Approx(1 - c.improvement));
  CHECK_FALSE(loss.non_inferiority->shown);

  std::vector<Comparison> family = {c, compare(cell, {}, options), compare(base, base)};
  CHECK(family[1].pairs == 0);
  CHECK(std::isnan(family[1].difference));
  CHECK(says(family[2].notes, "every difference is 0"));
  std::vector<double> p;
  for (const Comparison& one : family) p.push_back(one.sign_flip);
  const std::vector<double> corrected = holm(p);
  CHECK(corrected[0] == Approx(4. / 32));
  CHECK(std::isnan(corrected[1]));  // no p, so it does not count
  CHECK(corrected[2] == 1);
}
