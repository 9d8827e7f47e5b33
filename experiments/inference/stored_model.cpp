#include "experiments/inference/stored_model.hpp"

#include "core/error.hpp"
#include "core/hdf5.hpp"
#include "core/sha256.hpp"
#include "core/text.hpp"
#include "core/typed.hpp"
#include "experiments/config/plugin_loading.hpp"
#include "experiments/config/trial_file.hpp"
#include "experiments/data/dataset.hpp"
#include "experiments/records/next_step.hpp"
#include "experiments/records/safetensors.hpp"
#include "experiments/records/status.hpp"
#include "experiments/records/verify_trial.hpp"

namespace tubal {

// Of a model without a vocabulary: the data set's, if it is still what the trial saw.
static TextFormat format_of_data(const layout::TrialFolder& trial, const TrialConfig& config,
                                 const std::filesystem::path& cache) {
  Dataset data;
  try {
    data = load_dataset(config.data, cache);
  } catch (const UsageError& e) {
    throw UsageError(
        "trial " + trial.id() +
            ": an earlier version wrote its model, without the vocabulary, and the data set cannot "
            "be read again: " +
            e.what(),
        e.cause());
  }
  const std::string trained_on = hdf5::Reader(trial.data()).attribute("/provenance", "data_sha256");
  if (data.content != trained_on)
    throw Error("trial " + trial.id() + " was trained on other data (SHA-256 " + short_digest(trained_on) +
                "..., now " + short_digest(data.content) +
                "...), so its vocabulary is lost. Bring the data back, or train it again.");
  return {data.vocabulary, data.classes};
}

StoredModel open_model(const layout::TrialFolder& trial, const std::filesystem::path& cache) {
  const TrialStatus status = read_status(trial.root);
  if (status.state != TrialState::complete && status.state != TrialState::stopped)
    throw UsageError("trial " + trial.id() + " has no model: it is " + name(status.state) +
                     (status.cause.empty() ? "" : " (" + status.cause + ")") + ". " +
                     next_step(trial, status.state));
  for (const auto& [file, problem] : damaged_files(trial.root, status))
    if (file == trial.model().filename() || file == trial.config().filename())
      throw Error(sentence(problem) + repeats(trial));
  TrialConfig config = read_trial(trial.config().string());
  load_study_plugins(config.plugins);
  auto stored = text_format(read_safetensors_metadata(trial.model()), trial.model().string());
  TextFormat format = stored ? std::move(*stored) : format_of_data(trial, config, cache);
  return {trial, std::move(config), std::move(format)};
}

}  // namespace tubal
