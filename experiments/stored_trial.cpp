// A folder of the store: which trial it holds, or why it holds none.
#include "core/error.hpp"
#include "core/files.hpp"
#include "core/sha256.hpp"
#include "experiments/content.hpp"
#include "experiments/study.hpp"

namespace tubal {

// An older trial does not say what its matrix file held. Once it has ended its config.yaml is known to be the
// one that it was trained by.
static bool trained_by_this_file(const layout::TrialFolder& folder) {
  try {
    const TrialStatus status = read_status(folder.root);
    const auto told = status.files.find("config.yaml");
    return told != status.files.end() && told->second == sha256_file(folder.config());
  } catch (const Error&) {
    return false;
  }
}

StoredTrial read_stored_trial(const layout::TrialFolder& folder) {
  StoredTrial t;
  t.id = folder.id();
  try {
    t.config = read_trial(folder.config().string());
    t.sha256 = identity(t.config);
  } catch (const std::exception& e) {
    t.problem = e.what();
    return t;
  }
  if (names(t.id, t.sha256, t.config.content)) return t;
  if (!t.config.model.transform.file.empty() && t.config.content.matrix.empty() &&
      trained_by_this_file(folder))
    return t;
  const layout::TrialFolder own{folder.root.parent_path() / t.sha256.substr(0, 12)};
  std::error_code none;
  t.problem = folder.config().string() + ": is the configuration of trial " + own.id() + ", not of " + t.id;
  if (t.id.starts_with(own.id()) || t.id.find(own.id()) != std::string::npos)
    t.problem += ": the folder is a copy, or was renamed";
  else
    t.problem += ": it was edited, or the folder was renamed";
  return t;
}

}  // namespace tubal
