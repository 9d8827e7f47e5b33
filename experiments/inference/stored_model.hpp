// A finished trial's model: model.safetensors holds the vocabulary and the classes beside the parameters, so
// that the trial's folder alone is enough.
#pragma once
#include <filesystem>

#include "core/layout.hpp"
#include "experiments/config/config.hpp"
#include "experiments/records/text_format.hpp"

namespace tubal {

/// A finished trial's configuration and what goes with its parameters.
struct StoredModel {
  layout::TrialFolder trial;
  TrialConfig config;
  TextFormat format;
};

/// Reads config.yaml and the metadata of model.safetensors, and checks both files against status.json. Where
/// the model was written before it held its vocabulary, the data set is read (`cache` as for load_dataset())
/// and must have the digest that trial.h5 names. Throws UsageError where the trial has no model yet, Error
/// where a file is damaged.
StoredModel open_model(const layout::TrialFolder& trial, const std::filesystem::path& cache = {});

}  // namespace tubal
