#include "experiments/cli/open_trial.hpp"

#include "core/typed.hpp"
#include "experiments/runner/index.hpp"

namespace tubal::cli {

static bool holds_plan(const std::filesystem::path& folder) {
  std::error_code none;
  return std::filesystem::exists(layout::StudyFolder{folder}.plan(), none);
}

NamedTrials find_trials(const std::string& name, const std::string& studies) {
  std::string study = name;
  while (study.size() > 1 && study.back() == '/') study.pop_back();
  NamedTrials named;
  std::string id;
  if (!holds_plan(study) && !holds_plan(std::filesystem::path(studies) / study))
    if (const std::size_t slash = study.rfind('/'); slash != study.npos && slash > 0) {
      id = study.substr(slash + 1);
      study.resize(slash);
      if (study.size() > 7 && study.ends_with("/trials")) study.resize(study.size() - 7);
      named.one = true;
    }
  named.study = whole(find_study(study, studies).root);
  runner::StudyIndex index = runner::load_index(named.study);
  if (named.one)  // a trial that is named may be of any grid
    for (runner::PlannedTrial& t : runner::other_trials(named.study, index))
      index.trials.push_back(std::move(t));
  std::vector<std::string> ids;
  for (const runner::PlannedTrial& t : index.trials) ids.push_back(t.id);
  if (named.one) id = find_id(id, named.study, ids);
  for (const runner::PlannedTrial& t : index.trials)
    if (!named.one || t.id == id) named.trials.push_back({named.study.trial(t.id), t.name()});
  return named;
}

}  // namespace tubal::cli
