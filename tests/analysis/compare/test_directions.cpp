// The law of direction: whatever is said of x by a metric is said of -x by the mirrored metric, figures with
// their sign turned. Statistics, fronts, best of, non-inferiority, order, ASHA.
#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/compare/choice.hpp"
#include "analysis/compare/comparison.hpp"
#include "analysis/read/study_reader.hpp"
#include "experiments/runner/asha.hpp"
#include "tests/sample_study.hpp"
#include "tests/temporary.hpp"

using namespace tubal;
using namespace tubal::analysis;

namespace {

// A study of `cells` cells with some seeds missing; the judged column holds `sign` times random figures.
Study random_study(int draw, double sign) {
  const std::string name = "draw " + std::to_string(draw) + " ";
  const int cells = 3 + static_cast<int>(4 * chance(name + "cells")), seeds = 4 + draw % 4;
  Study s;
  s.name = "random";
  s.swept = s.keys = {"model.p"};
  Column metric{'f', {}, {}}, seconds{'f', {}, {}}, encoder{'i', {}, {}}, p{'i', {}, {}};
  for (int c = 0; c < cells; ++c) {
    Cell cell{"p=" + std::to_string(c), {std::to_string(c)}, {}, c == 0};
    for (int seed = 0; seed < seeds; ++seed) {
      const std::string at = name + std::to_string(c) + "." + std::to_string(seed);
      const bool complete = chance(at + "complete") < 0.9;
      cell.rows.push_back(s.rows.size());
      s.rows.push_back({at, complete ? "complete" : "failed", "", seed, c, c == 0, true, "", ""});
      // Some ties, some differences of 0.
      const double x = std::round(20 * (chance(at) + 0.05 * c)) / 20;
      metric.numbers.push_back(complete ? sign * x : unknown);
      metric.texts.push_back("");
      seconds.numbers.push_back(complete ? 1 + chance(at + "s") : unknown);
      seconds.texts.push_back("");
      encoder.numbers.push_back(1000. / (1 + c));
      encoder.texts.push_back("");
      p.numbers.push_back(c);
      p.texts.push_back(std::to_string(c));
    }
    s.cells.push_back(cell);
  }
  s.columns = {{"test_accuracy", metric},
               {"validation_accuracy", metric},
               {"seconds", seconds},
               {"peak_memory", seconds},
               {"parameters_encoder", encoder},
               {"parameters_total", encoder},
               {"model.p", p}};
  return s;
}

void same(double x, double y) {
  CHECK(((std::isnan(x) && std::isnan(y)) || std::abs(x - y) <= 1e-12 * (1 + std::abs(x))));
}
// Of an interval of figures, and of its mirror image.
void mirrored(const statistics::Interval& x, const statistics::Interval& y) {
  same(x.low, -y.high);
  same(x.high, -y.low);
}

}  // namespace

TEST_CASE("every statistic of x by a metric is that of -x by its mirror") {
  Metric mirror = first_metric(false);
  mirror.better = Better::lower;
  const Measure up, down{&mirror, true, false, {}};
  for (int draw = 0; draw < 40; ++draw) {
    const Study s = random_study(draw, 1), t = random_study(draw, -1);
    const Comparison a = compare(s, up, 0.95, 0.08), b = compare(t, down, 0.95, 0.08);
    REQUIRE(a.results.size() == b.results.size());
    CHECK(best_of(a, a.results) == best_of(b, b.results));
    for (std::size_t i = 0; i < a.results.size(); ++i) {
      const CellResult &x = a.results[i], &y = b.results[i];
      CAPTURE(draw, i);
      same(x.mean, -y.mean);
      same(x.deviation, y.deviation);
      same(x.difference, -y.difference);
      mirrored(x.interval, y.interval);
      mirrored(x.student, y.student);
      mirrored(x.difference_interval, y.difference_interval);
      mirrored(x.difference_student, y.difference_student);
      same(x.p, y.p);
      same(x.p_holm, y.p_holm);
      same(x.wilcoxon, y.wilcoxon);
      same(x.improvement, y.improvement);
      same(x.improvement_interval.low, y.improvement_interval.low);
      same(x.improvement_interval.high, y.improvement_interval.high);
      REQUIRE(x.non_inferiority.has_value() == y.non_inferiority.has_value());
      if (x.non_inferiority) {
        same(x.non_inferiority->bound, -y.non_inferiority->bound);
        same(x.non_inferiority->p, y.non_inferiority->p);
        CHECK(x.non_inferiority->shown == y.non_inferiority->shown);
        same(x.p_non_inferiority, y.p_non_inferiority);
      }
      CHECK(x.front_parameters == y.front_parameters);
      CHECK(x.front_seconds == y.front_seconds);
    }
    for (const char* by : {"accuracy", "difference", "encoder", "seconds", "p_holm"}) {
      std::vector<CellResult> x = a.results, y = b.results;
      sort_results(s, a, x, by);
      sort_results(t, b, y, by);
      for (std::size_t i = 0; i < x.size(); ++i) CHECK(x[i].cell == y[i].cell);
    }
  }
}

// By hand, so that the law cannot hold of two equal mistakes.
TEST_CASE("lower is better: the front, the best and parity of losses by hand") {
  Study s = random_study(0, 1);
  Column& loss = s.columns["test_loss"];
  loss = {'f', {}, {}};
  s.columns["task"] = {'s', {}, std::vector<std::string>(s.rows.size(), "language_model")};
  s.columns["validation_loss"] = loss;
  for (std::size_t r = 0; r < s.rows.size(); ++r) {
    s.rows[r].status = "complete";
    // Losses rise with the cell's number, by a tenth; smaller cells cost less, so all are on the front.
    loss.numbers.push_back(2 + 0.1 * s.rows[r].cell +
                           0.001 * static_cast<double>((s.rows[r].seed + s.rows[r].cell) % 2));
    loss.texts.push_back("");
    s.columns["seconds"].numbers[r] =
        1 + s.rows[r].cell;  // slower and worse: only the first is on this front
    s.columns["peak_memory"].numbers[r] = 1;
  }
  s.columns["validation_loss"] = loss;
  const Comparison c = compare(s, "", 0.95, 0.15);
  CHECK(c.measure.name() == "test_loss");
  CHECK(best_of(c, c.results) == 0);
  for (std::size_t i = 0; i < c.results.size(); ++i) {
    CHECK(c.results[i].front_parameters);
    CHECK(c.results[i].front_seconds == (i == 0));
    if (i == 0) continue;
    CHECK(c.results[i].improvement == 0);
    CHECK(c.results[i].difference == Approx(0.1 * static_cast<double>(i)));
    // An upper bound, just above the difference; within 0.15 for the first step alone.
    CHECK(c.results[i].non_inferiority->bound >= c.results[i].difference);
    CHECK(c.results[i].non_inferiority->shown == (i == 1));
  }
  std::vector<CellResult> sorted = c.results;
  sort_results(s, c, sorted, "difference");
  CHECK(sorted[0].cell == 1);      // the smallest difference first
  CHECK(sorted.back().cell == 0);  // the baseline has none
}

TEST_CASE("successive halving follows the metric's direction, and a NaN never goes on") {
  const TemporaryFolder folder;
  for (int draw = 0; draw < 20; ++draw) {
    const auto x = [&](int i) { return chance("asha " + std::to_string(draw) + "." + std::to_string(i)); };
    const auto at = [&](const char* what) {
      return layout::StudyFolder{folder.path / (what + std::to_string(draw))};
    };
    for (int i = 0; i < 9; ++i) {
      const std::string id(1, static_cast<char>('a' + i));
      const double figure = i == 4 ? unknown : x(i);
      const bool up = runner::asha_goes_on(at("up"), {"validation_accuracy", 1, 3}, id, 1, {figure, unknown});
      CHECK(up == runner::asha_goes_on(at("down"), {"validation_loss", 1, 3}, id, 1, {unknown, -figure}));
      CHECK(up == runner::asha_goes_on(at("bits"), {"validation_bits_per_byte", 1, 3}, id, 1,
                                       {unknown, unknown, 3 - figure}));
      if (std::isnan(figure)) CHECK_FALSE(up);
    }
  }
  CHECK_FALSE(
      runner::asha_goes_on({folder.path / "alone"}, {"validation_loss", 1, 3}, "a", 1, {0.9, unknown}));
  CHECK_THROWS(
      runner::asha_goes_on({folder.path / "alone"}, {"validation_beauty", 1, 3}, "a", 1, {0.9, unknown}));
}
