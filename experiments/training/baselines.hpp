// What n-gram models give on a language model's data: computed once for each tokenized
// data set, and kept beside it.
#pragma once
#include <filesystem>

#include "experiments/data/dataset.hpp"
#include "experiments/records/record.hpp"

namespace tubal {

/// A part of a language model's data: one stream, its documents parted by a token of their own, and the bytes
/// of text that its tokens but the first stand for.
struct TextStream {
  std::span<const std::int32_t> tokens;
  double bytes = 0;
};

/// Every token but a part's first is judged, by those before it in the stream: what a language model is.
Baselines ngram_baselines(std::span<const std::int32_t> train, std::int32_t vocabulary,
                          const TextStream& validation, const TextStream& test, int orders);

/// Orders that are worth their memory: 5 for characters, 3 for words and pieces (some 40 bytes a different
/// n-gram of the highest order).
int baseline_orders(const std::string& tokenizer_kind);

/// `cache` as for load_dataset(). A cache that cannot be written only costs time.
Baselines baseline_scores(const Dataset& data, const DataConfig& config,
                          const std::filesystem::path& cache = {});

}  // namespace tubal
