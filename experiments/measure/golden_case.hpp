// A golden case as it lies in its file: the model, read by the configuration's schema, and the batch.
#pragma once
#include <filesystem>

#include "core/hdf5.hpp"
#include "layers/model.hpp"

namespace tubal {

struct GoldenCase {
  ModelConfig config;  // without dropout
  int vocabulary = 0, classes = 0;
  Batch batch;  // labels, of a language model targets
};

/// Throws UsageError where `file` (read from `path`) is no golden case, or its model cannot be built: with
/// the line of its attribute `config` and the key.
GoldenCase read_golden_case(const hdf5::Reader& file, const std::filesystem::path& path);

}  // namespace tubal
