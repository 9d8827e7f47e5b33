#include "experiments/measure/bench_generation.hpp"

#include <algorithm>
#include <cmath>

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/random.hpp"
#include "layers/model/generation.hpp"

namespace tubal {

template <class F>
static double fastest(int repeats, F f) {
  double best = 0;
  for (int i = 0; i < repeats; ++i) {
    const double start = seconds_now();
    f();
    const double seconds = seconds_now() - start;
    best = i == 0 ? seconds : std::min(best, seconds);
  }
  return best;
}

// Numbers read one after the other a second, as a product with one row reads a matrix that lies in the same
// cache or memory.
static double numbers_a_second(std::size_t numbers, int repeats) {
  std::vector<float> x(std::max<std::size_t>(numbers, 16), 0.5f);
  float lanes[16] = {};
  const double seconds = fastest(repeats, [&] {
    for (std::size_t i = 0; i + 16 <= x.size(); i += 16)
      for (std::size_t l = 0; l < 16; ++l) lanes[l] += x[i + l];
  });
  x[0] = *std::max_element(lanes, lanes + 16);
  return static_cast<double>(x.size()) / std::max(seconds, 1e-9);
}

GenerationSpeed bench_generation(const BenchOptions& o) {
  Model<float> model(o.model, o.vocabulary, 0, o.seed, o.threads);
  const std::size_t n = static_cast<std::size_t>(o.length), last = std::min<std::size_t>(64, n / 2);
  const RandomStream random(o.seed, Purpose::test);
  Batch text{{}, {0, o.length}, {}};
  for (std::size_t i = 0; i < n; ++i)
    text.tokens.push_back(static_cast<std::int32_t>(random.below(o.vocabulary, i)));

  Generation<float> generation(model);
  std::span<const float> logits;
  GenerationSpeed speed;
  double best = 0;
  for (int repeat = 0; repeat < o.steps; ++repeat) {
    generation.restart();
    generation.append({text.tokens.data(), n - last});
    const double start = seconds_now();
    for (std::size_t i = n - last; i < n; ++i) logits = generation.append({text.tokens.data() + i, 1});
    const double seconds = seconds_now() - start;
    best = repeat == 0 ? seconds : std::min(best, seconds);
  }
  speed.kept = static_cast<double>(last) / best;

  Tensor<float, 2> whole;
  speed.read_again = 1 / fastest(std::min(o.steps, 3), [&] { model.evaluate(text, &whole); });
  double largest = 0;
  for (std::size_t v = 0; v < logits.size(); ++v) {
    const double there = static_cast<double>(whole(n - 1, v)), here = static_cast<double>(logits[v]);
    largest = std::max(largest, std::abs(there));
    if (!(std::abs(here - there) <= speed.difference)) speed.difference = std::abs(here - there);
  }
  speed.difference /= largest;

  // Every weight but the embedding's other rows, unless the head reads them, and d keys and values of each
  // attention a token.
  const ParameterCounts c = model.counts();
  const auto attentions = std::count(o.model.stack.begin(), o.model.stack.end(), "attention") * o.model.depth;
  const double numbers = static_cast<double>(c.encoder) + static_cast<double>(o.vocabulary) * o.model.width +
                         2.0 * static_cast<double>(attentions) * static_cast<double>(n) * o.model.width;
  speed.bound = numbers_a_second(static_cast<std::size_t>(numbers), 20) / numbers;
  return speed;
}

}  // namespace tubal
