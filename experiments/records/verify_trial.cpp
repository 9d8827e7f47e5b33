#include "experiments/records/verify_trial.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/hdf5.hpp"
#include "core/layout.hpp"
#include "core/sha256.hpp"
#include "core/text.hpp"
#include "core/typed.hpp"
#include "experiments/config/identity.hpp"
#include "experiments/config/trial_file.hpp"
#include "experiments/records/checkpoint.hpp"
#include "experiments/records/journal.hpp"
#include "experiments/records/stored_trial.hpp"

namespace tubal {

std::vector<DamagedFile> damaged_files(const fs::path& trial_directory, const TrialStatus& status) {
  std::vector<DamagedFile> damaged;
  for (const auto& [name, digest] : status.files) {
    const std::string file = (trial_directory / name).string();
    try {
      if (sha256_file(file) != digest)
        damaged.push_back(
            {name, file + ": its SHA-256 is not the one in status.json: it is damaged or was changed."});
    } catch (const Error& e) {
      damaged.push_back({name, e.what()});
    }
  }
  return damaged;
}

// trial.h5 opens, was trained by the configuration that stands beside it (`sha`, "" where that is not known),
// and its predictions make the accuracy in status.json.
static void check_results(const layout::TrialFolder& folder, const TrialStatus& status,
                          const std::string& sha) {
  const hdf5::Reader file(folder.data());
  file.attribute("/", "trial");
  const bool complete = status.state == TrialState::complete;
  if (!sha.empty() && file.has("/provenance") && file.has_attribute("/provenance", "configuration")) {
    std::string trained;
    try {
      const TrialConfig config =
          parse_trial(file.attribute("/provenance", "configuration"), folder.data().string());
      if (config.model.transform.file.empty() || !config.content.matrix.empty()) trained = identity(config);
    } catch (const std::exception&) {  // of a tubal with other keys: the digests vouch for it
    }
    if (!trained.empty() && trained != sha)
      throw Error(folder.data().string() + ": was trained by the configuration of trial " +
                  short_digest(trained) + ", config.yaml is that of " + short_digest(sha) + ".");
  }
  if (!complete || !file.has("/test/label") || !file.has("/test/prediction")) return;
  const auto label = file.read<std::int64_t>("/test/label"),
             guess = file.read<std::int64_t>("/test/prediction");
  std::size_t right = 0;
  for (std::size_t i = 0; i < std::min(label.size(), guess.size()); ++i) right += label[i] == guess[i];
  const double accuracy =
      static_cast<double>(right) / static_cast<double>(std::max<std::size_t>(1, label.size()));
  if (!label.empty() && !(std::abs(accuracy - status.test_accuracy) < 1e-9))
    throw Error(folder.status().string() + ": says a test accuracy of " +
                std::to_string(status.test_accuracy) + ", the predictions in trial.h5 make " +
                std::to_string(accuracy) + ".");
}

std::vector<std::string> verify_trial(const fs::path& trial_directory) {
  const layout::TrialFolder folder{trial_directory};
  const std::string again = repeats(folder);
  std::vector<std::string> problems;
  const auto check = [&](const auto& test, const std::string& advice) {
    try {
      test();
    } catch (const std::exception& e) {
      problems.push_back(sentence(e.what()) + advice);
    }
  };
  TrialStatus status;
  std::string sha;
  check([&] { status = read_status(folder.root); }, "");
  if (!problems.empty() || status.state == TrialState::planned) return problems;
  check(
      [&] {
        const StoredTrial stored = read_stored_trial(folder);
        if (stored.config.model.transform.file.empty() || !stored.config.content.matrix.empty())
          sha = stored.sha256;
        if (!stored.problem.empty()) throw Error(stored.problem + ".");
      },
      again);
  check([&] { read_journal(folder.journal()); }, again);
  const auto if_there = [&](const fs::path& file, const std::function<void()>& look) {
    check([&] { file_is_there(file) ? look() : void(); }, again);
  };
  if_there(folder.checkpoint(), [&] { load_checkpoint(folder.checkpoint()); });
  for (const DamagedFile& damaged : damaged_files(folder.root, status))
    problems.push_back(sentence(damaged.problem) + again);
  if_there(folder.data(), [&] { check_results(folder, status, sha); });
  using F = layout::TrialFolder;
  if (status.state == TrialState::complete || status.state == TrialState::stopped)
    for (const char* name : {F::config_name, F::journal_name, F::data_name, F::model_name})
      if (!status.files.count(name))
        problems.push_back(folder.status().string() + ": names no checksum of " + name + "." + again);
  return problems;
}

}  // namespace tubal
