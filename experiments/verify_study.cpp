// The check of what lies on disk: every file of a trial and a study, every checksum.
#include <optional>

#include "core/files.hpp"
#include "core/hdf5.hpp"
#include "core/layout.hpp"
#include "core/sha256.hpp"
#include "experiments/checkpoint.hpp"
#include "experiments/journal.hpp"
#include "experiments/study.hpp"

namespace tubal {

static constexpr const char* again = " Run the study again with `tubal run`: this trial alone is repeated.";

std::vector<std::string> damaged_files(const fs::path& trial_directory, const TrialStatus& status) {
  std::vector<std::string> problems;
  for (const auto& [name, digest] : status.files) {
    const std::string file = (trial_directory / name).string();
    try {
      if (sha256_file(file) != digest)
        problems.push_back(file +
                           ": its SHA-256 is not the one in status.json: it is damaged or was changed.");
    } catch (const Error& e) {
      problems.push_back(e.what());
    }
  }
  return problems;
}

std::vector<std::string> verify_trial(const fs::path& trial_directory) {
  const layout::TrialFolder folder{trial_directory};
  std::vector<std::string> problems;
  const auto check = [&](const auto& test, const char* advice) {
    try {
      test();
    } catch (const std::exception& e) {
      problems.push_back(std::string(e.what()) + advice);
    }
  };
  TrialStatus status;
  check([&] { status = read_status(folder.root); }, "");
  if (!problems.empty() || status.state == TrialState::planned) return problems;
  check(
      [&] {
        if (const std::string id = identity(read_trial(folder.config().string()));
            id.compare(0, folder.id().size(), folder.id()) != 0)
          throw Error(folder.config().string() + ": hashes to " + id.substr(0, folder.id().size()) +
                      ", not to the trial's name: it was changed.");
      },
      again);
  check([&] { read_journal(folder.journal()); }, again);
  std::error_code none;
  if (fs::exists(folder.checkpoint(), none)) check([&] { load_checkpoint(folder.checkpoint()); }, again);
  for (const std::string& problem : damaged_files(folder.root, status)) problems.push_back(problem + again);
  if (fs::exists(folder.data(), none))
    check([&] { hdf5::Reader(folder.data()).attribute("/", "trial"); }, again);
  if (status.state == TrialState::complete || status.state == TrialState::stopped)
    for (const char* name : {"config.yaml", "journal.jsonl", "trial.h5", "model.safetensors"})
      if (!status.files.count(name))
        problems.push_back(folder.status().string() + ": names no checksum of " + name + "." + again);
  return problems;
}

std::vector<std::string> verify_study(const fs::path& study_directory) {
  const layout::StudyFolder folder{study_directory};
  std::vector<std::string> problems;
  std::error_code none;
  if (!fs::is_directory(folder.root, none)) return {folder.root.string() + ": there is no such study."};
  std::optional<std::string> image;  // what study.h5 must be once nothing changes any more
  try {
    const StudyPlan plan = read_plan(folder.plan().string());
    bool ended = true;
    for (const Trial& t : plan.trials) {
      const std::vector<std::string> more = verify_trial(folder.trial(t.id).root);
      problems.insert(problems.end(), more.begin(), more.end());
      ended = ended && more.empty() && is_final(read_status(folder.trial(t.id).root).state);
    }
    if (ended) image = study_image(folder.root, plan);
  } catch (const std::exception& e) {
    problems.push_back(std::string(e.what()) + " Make the plan again from its grid with `tubal run`.");
    for (const std::string& id : folder.trial_ids()) {
      const std::vector<std::string> more = verify_trial(folder.trial(id).root);
      problems.insert(problems.end(), more.begin(), more.end());
    }
  }
  if (fs::exists(folder.data(), none)) {
    try {
      const hdf5::Reader file(folder.data());
      file.read_strings("/trials/id");
      file.read_strings("/trials/status");
      if (image && read_file(folder.data()) != *image)
        throw Error(folder.data().string() +
                    ": it is not what the trials' files say: damaged, or older than they are.");
    } catch (const std::exception& e) {
      problems.push_back(std::string(e.what()) + " It is rebuilt from the trials by `tubal run`.");
    }
  } else if (image) {
    problems.push_back(folder.data().string() +
                       ": is missing. It is rebuilt from the trials by `tubal run`.");
  }
  return problems;
}

}  // namespace tubal
