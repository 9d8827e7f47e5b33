// What n-gram models give on a language model's data: computed once for each tokenized data set, and kept
// beside it.
#pragma once
#include <filesystem>

#include "experiments/dataset.hpp"
#include "experiments/record.hpp"

namespace tubal {

/// `cache` as for load_dataset(). A cache that cannot be written only costs time.
Baselines baseline_scores(const Dataset& data, const DataConfig& config,
                          const std::filesystem::path& cache = {});

}  // namespace tubal
