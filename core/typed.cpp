#include "core/typed.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/text.hpp"

namespace tubal {

namespace fs = std::filesystem;

std::string typed(const layout::StudyFolder& study) {
  std::error_code none;
  const fs::path root = fs::weakly_canonical(study.root, none);
  const fs::path here = fs::weakly_canonical(fs::current_path(none) / "studies", none);
  return shell_word(root.parent_path() == here ? root.filename().string() : root.string());
}

layout::StudyFolder find_study(const std::string& name, const fs::path& studies) {
  if (name.empty()) throw UsageError("which study? Give its name, such as `tubal status imdb`.");
  for (const fs::path& candidate : {studies / name, fs::path(name)}) {
    const fs::path parent = candidate.has_parent_path() ? candidate.parent_path() : fs::path(".");
    const layout::StudyFolder study{candidate.has_filename() ? candidate : parent}, around{parent};
    if (is_there(study.plan()) || is_there(study.data())) return study;
    for (const fs::path& file : {around.plan(), around.data()})
      if (candidate.filename() == file.filename() && is_there(file)) return around;
  }
  std::vector<std::string> known;
  std::error_code none;
  for (fs::directory_iterator i(studies, none), end; i != end; i.increment(none)) {
    const layout::StudyFolder study{i->path()};
    if (fs::exists(study.plan(), none) || fs::exists(study.data(), none)) known.push_back(study.name());
  }
  std::sort(known.begin(), known.end());
  const std::string below = (studies / name).string(), near = did_you_mean(name, known);
  throw UsageError("there is no study `" + name + "`: " +
                   (below == name ? name + " holds no" : "neither " + below + " nor " + name + " holds a") +
                   " plan.yaml or study.h5. " +
                   (known.empty() ? "There are none in " + studies.string() +
                                        ": `tubal run GRID.yaml` makes one; `--studies DIR` says where "
                                        "studies lie."
                                  : "In " + studies.string() + ": " + join(known) + "." +
                                        (near.empty() ? "" : " " + near)));
}

layout::StudyFolder whole(const fs::path& study) { return {fs::weakly_canonical(fs::absolute(study))}; }

std::vector<std::string> ids_meant(const std::string& word, const std::vector<std::string>& ids) {
  if (std::find(ids.begin(), ids.end(), word) != ids.end()) return {word};
  std::vector<std::string> meant;
  for (const std::string& id : ids)
    if (id.starts_with(word)) meant.push_back(id);
  return meant;
}

std::string find_id(const std::string& word, const layout::StudyFolder& study,
                    const std::vector<std::string>& ids) {
  const std::vector<std::string> meant = ids_meant(word, ids);
  if (meant.size() == 1) return meant[0];
  const std::string near = did_you_mean(word, ids);
  if (meant.empty())
    throw UsageError("study " + study.name() + " has no trial `" + word + "`; `tubal status " + typed(study) +
                     " --all` lists its trials." + (near.empty() ? "" : " " + near));
  throw UsageError("`" + word + "` is the beginning of " + std::to_string(meant.size()) +
                   " trials: " + join(meant) + ". Write more of it.");
}

layout::StudyFolder study_of(const layout::TrialFolder& trial) {
  return {std::filesystem::weakly_canonical(trial.root).parent_path().parent_path()};
}

std::string repeats(const layout::TrialFolder& trial) {
  return " `tubal run " + typed(study_of(trial)) + "` repeats this trial alone.";
}

bool is_there(const std::filesystem::path& path) {
  try {
    return file_is_there(path);
  } catch (const Error& e) {
    throw UsageError(e.what(), e.cause());
  }
}

}  // namespace tubal
