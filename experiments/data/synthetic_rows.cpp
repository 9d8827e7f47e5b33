#include "experiments/data/synthetic_rows.hpp"

#include <cmath>

#include "core/random.hpp"

namespace tubal {

void make_synthetic(Corpus& corpus, const SyntheticConfig& c) {
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

}  // namespace tubal
