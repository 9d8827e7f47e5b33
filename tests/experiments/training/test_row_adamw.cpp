// AdamW row by row: the same as the dense update, whenever rows are asked for.
#include <catch2/catch.hpp>
#include <cmath>

#include "core/random.hpp"
#include "experiments/training/row_adamw.hpp"

using namespace tubal;

namespace {

constexpr std::size_t rows = 40, columns = 3, size = rows * columns;

struct State {
  std::vector<float> w = std::vector<float>(size), m = w, v = w;
  bool operator==(const State&) const = default;
};

// Step t of a run whose rate changes; few rows have a gradient, row 0 in the first steps alone, row 39 never.
struct Drawn {
  std::vector<std::uint32_t> rows;
  std::vector<float> gradient = std::vector<float>(size);
  double rate;
};
Drawn draw(std::int64_t t) {
  const RandomStream random(17, Purpose::initialisation, static_cast<std::uint64_t>(t));
  Drawn d;
  d.rate = 3e-3 * (1 + std::cos(static_cast<double>(t) / 40));
  for (std::uint32_t r = 0; r + 1 < rows; ++r)
    if (r == 0 ? t < 5 : random.uniform(r) < 0.02 * r / rows) {
      d.rows.push_back(r);
      for (std::size_t c = 0; c < columns; ++c)
        d.gradient[r * columns + c] = static_cast<float>(random.uniform(1000 + r * columns + c) - 0.4);
    }
  return d;
}

constexpr double beta1 = 0.9, beta2 = 0.999, eps = 1e-8, decay = 0.1;

AdamWStep<float> numbers(double rate, std::int64_t t) {
  const auto n = static_cast<double>(t);
  return {static_cast<float>(1 - rate * decay),
          static_cast<float>(rate / (1 - std::pow(beta1, n))),
          static_cast<float>(beta1),
          static_cast<float>(beta2),
          static_cast<float>(1 / std::sqrt(1 - std::pow(beta2, n))),
          static_cast<float>(eps),
          1};
}

// All rows are asked for after the steps that `ask` names, else only those with a gradient.
template <class Ask>
State run(std::int64_t steps, Ask ask) {
  State s;
  RowAdamW optimizer(rows, columns, s.w.data(), s.m.data(), s.v.data());
  for (std::int64_t t = 1; t <= steps; ++t) {
    const Drawn d = draw(t);
    optimizer.catch_up(d.rows);
    optimizer.step(d.rows, d.gradient.data(), numbers(d.rate, t), t);
    if (ask(t)) optimizer.catch_up();
  }
  optimizer.catch_up();
  return s;
}

}  // namespace

TEST_CASE("AdamW by rows: the dense update in double precision, to rounding") {
  constexpr std::int64_t steps = 400;
  std::vector<double> w(size), m(size), v(size);
  for (std::int64_t t = 1; t <= steps; ++t) {
    const Drawn d = draw(t);
    const auto n = static_cast<double>(t);
    for (std::size_t i = 0; i < size; ++i) {
      const double g = d.gradient[i];
      m[i] = beta1 * m[i] + (1 - beta1) * g;
      v[i] = beta2 * v[i] + (1 - beta2) * g * g;
      const double first = m[i] / (1 - std::pow(beta1, n)), second = v[i] / (1 - std::pow(beta2, n));
      w[i] -= d.rate * (decay * w[i] + first / (std::sqrt(second) + eps));
    }
  }
  const State s = run(steps, [](std::int64_t) { return false; });
  double largest = 0;
  for (std::size_t i = 0; i < size; ++i) {
    largest = std::max(largest, std::abs(w[i]));
    CHECK(std::abs(s.w[i] - w[i]) <= 2e-5 * (std::abs(w[i]) + 0.01));
    CHECK(std::abs(s.m[i] - m[i]) <= 1e-4 * std::abs(m[i]) + 1e-30);
    CHECK(std::abs(s.v[i] - v[i]) <= 1e-4 * std::abs(v[i]) + 1e-36);
  }
  CHECK(largest > 0.05);
  CHECK(std::abs(w[0]) > 0.001);  // row 0 was away for 395 steps
}

TEST_CASE("AdamW by rows: bits do not depend on when rows are asked for") {
  for (const std::int64_t steps : {7, 64, 400}) {
    const State never = run(steps, [](std::int64_t) { return false; });
    CHECK((run(steps, [](std::int64_t) { return true; }) == never));
    CHECK((run(steps, [](std::int64_t t) { return t % 37 == 5; }) == never));
  }
}

TEST_CASE("AdamW by rows: a row that stays away ends at zero moments, not at denormals") {
  State s;
  RowAdamW optimizer(rows, columns, s.w.data(), s.m.data(), s.v.data());
  const std::vector<std::uint32_t> some = {3, 8};
  std::vector<float> gradient(size);
  for (std::size_t c = 0; c < columns; ++c) {
    gradient[3 * columns + c] = 1;
    gradient[8 * columns + c] = 1e-17f;
  }
  optimizer.step(some, gradient.data(), numbers(1e-3, 1), 1);
  for (std::int64_t t = 2; t <= 1500; ++t) optimizer.step({}, gradient.data(), numbers(1e-3, t), t);
  optimizer.catch_up();
  for (std::size_t i = 0; i < size; ++i) {
    CHECK(std::fpclassify(s.m[i]) == FP_ZERO);
    CHECK(std::fpclassify(s.v[i]) != FP_SUBNORMAL);
    CHECK(std::isfinite(s.w[i]));
  }
  CHECK(s.v[3 * columns] > 0);
  CHECK(s.w[3 * columns] < -1e-3f);
  CHECK(s.w[9 * columns] == 0);
}
