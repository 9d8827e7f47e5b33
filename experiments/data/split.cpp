#include "experiments/data/split.hpp"

#include <algorithm>
#include <cmath>

#include "core/random.hpp"

namespace tubal {

std::vector<bool> validation_rows(const std::vector<std::int32_t>& labels, std::size_t classes, double share,
                                  std::uint64_t seed) {
  std::vector<std::vector<std::pair<std::uint64_t, std::size_t>>> rows(classes);
  const RandomStream random(seed, Purpose::split);
  for (std::size_t i = 0; i < labels.size(); ++i)
    rows[static_cast<std::size_t>(labels[i])].emplace_back(random.bits(i), i);
  std::vector<bool> held(labels.size(), false);
  for (auto& of_class : rows) {
    std::sort(of_class.begin(), of_class.end());
    auto n = static_cast<std::size_t>(std::lround(share * static_cast<double>(of_class.size())));
    if (share > 0 && of_class.size() > 1) n = std::clamp<std::size_t>(n, 1, of_class.size() - 1);
    if (of_class.size() == 1) n = 0;
    for (std::size_t i = 0; i < n; ++i) held[of_class[i].second] = true;
  }
  return held;
}

HeldOut hold_out(const Corpus& corpus, const DataConfig& config) {
  const std::vector<bool> held =
      validation_rows(corpus.train.labels, corpus.classes.size(), config.validation, config.split_seed);
  HeldOut out;
  for (std::size_t i = 0; i < held.size(); ++i) {
    LabelledTexts& to = held[i] ? out.validation : out.train;
    to.texts.push_back(corpus.train.texts[i]);
    to.labels.push_back(corpus.train.labels[i]);
  }
  return out;
}

}  // namespace tubal
