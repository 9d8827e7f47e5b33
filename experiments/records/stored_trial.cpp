#include "experiments/records/stored_trial.hpp"

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/hdf5.hpp"
#include "core/sha256.hpp"
#include "experiments/config/identity.hpp"
#include "experiments/config/trial_file.hpp"
#include "experiments/config/yaml_text.hpp"
#include "experiments/records/status.hpp"

namespace tubal {

// An older trial does not say what its matrix file held. Once it has ended its config.yaml is known to be the
// one that it was trained by.
static bool trained_by_this_file(const layout::TrialFolder& folder) {
  try {
    const TrialStatus status = read_status(folder.root);
    const auto told = status.files.find(layout::TrialFolder::config_name);
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
    t.cause = cause_of(e);
    return t;
  }
  if (names(t.id, t.sha256, t.config.content)) return t;
  if (!t.config.model.transform.file.empty() && t.config.content.matrix.empty() &&
      trained_by_this_file(folder))
    return t;
  const layout::TrialFolder own{folder.root.parent_path() / short_digest(t.sha256)};
  t.cause = Cause::other;
  t.problem = folder.config().string() + ": is the configuration of trial " + own.id() + ", not of " + t.id;
  if (t.id.starts_with(own.id()) || t.id.find(own.id()) != std::string::npos)
    t.problem += ": the folder is a copy, or was renamed";
  else
    t.problem += ": it was edited, or the folder was renamed";
  return t;
}

StoredTrial need_stored_trial(const layout::TrialFolder& folder) {
  StoredTrial t = read_stored_trial(folder);
  if (about(t.cause).outside) throw Error(t.problem, t.cause);
  return t;
}

// The line `content: {...}` alone: a study may have 10,000 trials.
static std::string line_of(const std::string& text, const std::string& key) {
  const std::size_t at = ("\n" + text).rfind("\n" + key + ": ");
  return at == std::string::npos ? "" : text.substr(at, text.find('\n', at) - at);
}

Content recorded_content(const layout::TrialFolder& trial) {
  Content content;
  try {
    const std::string text = read_file(trial.config());
    if (const std::string line = line_of(text, "content"); !line.empty()) {
      content = read_content(need(parse_yaml(line, trial.config()), "content", YamlNode::Kind::map));
      if (const std::string build = line_of(text, "build"); !build.empty())
        content.build = need(parse_yaml(build, trial.config()), "build", YamlNode::Kind::scalar).text;
    }
  } catch (const std::exception&) {  // damaged: told where the trial is read
  }
  if (content.sources.empty() && content.tokens.empty() && file_is_there(trial.data())) try {
      content.sources = hdf5::Reader(trial.data()).attribute("/provenance", "data_sha256");
      if (content.sources.size() != 64) content.sources.clear();
    } catch (const std::exception&) {
    }
  return content;
}

bool has_begun(const layout::TrialFolder& trial) {
  return file_is_there(trial.status()) || file_is_there(trial.journal()) || file_is_there(trial.checkpoint());
}

}  // namespace tubal
