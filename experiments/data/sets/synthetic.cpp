// Every word belongs to class (word mod classes). A text draws half of its words from its class and half from
// all, in random order; then `noise` of the labels are drawn anew.
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/random.hpp"
#include "experiments/data/readers.hpp"

namespace tubal {

namespace {

void draw_synthetic(Corpus& corpus, const DataConfig& d, const Paths&) {
  const SyntheticConfig& c = d.synthetic;
  for (int k = 0; k < c.classes; ++k) corpus.classes.push_back("class" + std::to_string(k));
  std::uint64_t step = 0;
  for (const auto& [rows, count] : {std::pair{&corpus.train, c.train}, {&corpus.test, c.test}})
    for (int i = 0; i < count; ++i) {
      const RandomStream random(c.seed, Purpose::synthetic, step++);
      const auto k = random.below(c.classes, 0);
      const int n = std::max(1, static_cast<int>(std::lround(c.length * (0.5 + random.uniform(1)))));
      std::string text;
      for (int w = 0; w < n; ++w) {
        const std::uint64_t at = 8 + 4 * static_cast<std::uint64_t>(w);
        std::uint64_t word = random.below(c.words, at);
        if (random.uniform(at + 1) < 0.5) word = word / c.classes * c.classes + k;
        text += (w ? " w" : "w") + std::to_string(word);
      }
      corpus.arena.push_back(text);
      rows->texts.push_back(corpus.arena.back());
      rows->labels.push_back(
          static_cast<std::int32_t>(random.uniform(2) < c.noise ? random.below(c.classes, 3) : k));
    }
}

DataHint synthetic_hint(const DataConfig& d) {
  const SyntheticConfig& c = d.synthetic;
  return {double(c.train),  double(c.test),   c.classes,
          double(c.length), double(c.length), "synthetic: as configured"};
}

void describe_synthetic(const DataConfig& d, nlohmann::json& out) {
  const SyntheticConfig& c = d.synthetic;
  out["synthetic"] = {c.train, c.test, c.classes, c.words, c.length, c.noise, c.seed};
}

}  // namespace

DataReader synthetic_reader() {
  return {
      .name = "synthetic", .rows = draw_synthetic, .hint = synthetic_hint, .describe = describe_synthetic};
}

}  // namespace tubal
