// What a data set holds, counted from its sources: for people who are about to trust results on it.
#pragma once
#include <cstdint>
#include <vector>

#include "experiments/data/dataset.hpp"

namespace tubal {

struct PartReport {
  std::int64_t texts = 0;
  std::vector<std::int64_t> per_class;
  double mean = 0;  // tokens a text, before the cut at max_length
  std::int64_t median = 0, p90 = 0, longest = 0;
  std::int64_t cut = 0;                  // texts longer than max_length
  std::int64_t empty = 0;                // texts without a token (they count as one unknown token)
  std::int64_t tokens = 0, unknown = 0;  // of all tokens before the cut, so many outside the vocabulary
  std::int64_t repeated = 0;             // texts that stand in the same part before, word for word
};

struct DataReport {
  PartReport train, validation, test;
  // Texts of the second part that also stand in the first, word for word.
  std::int64_t train_validation = 0, train_test = 0, validation_test = 0;
};

/// Reads the sources again and encodes every text whole with `data`'s vocabulary.
DataReport report_data(const DataConfig& config, const Dataset& data);

}  // namespace tubal
