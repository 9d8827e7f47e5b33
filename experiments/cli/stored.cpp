#include "experiments/cli/stored.hpp"

#include "core/error.hpp"
#include "core/typed.hpp"

namespace tubal::cli {

layout::TrialFolder find_stored_trial(const std::string& named, const std::string& studies) {
  std::error_code none;
  const std::filesystem::path path(named);
  const layout::TrialFolder itself{path.has_filename() ? path : path.parent_path()};
  if (std::filesystem::exists(itself.config(), none)) return itself;
  const std::size_t slash = named.rfind('/');
  if (slash == named.npos || slash == 0 || slash + 1 == named.size())
    throw UsageError("`" + named +
                     "` names no trial. Expected STUDY/TRIAL, such as imdb-transforms/3fa9; `tubal status "
                     "STUDY` lists the trials.");
  const layout::StudyFolder study = find_study(named.substr(0, slash), studies);
  return study.trial(find_id(named.substr(slash + 1), study, study.trial_ids()));
}

}  // namespace tubal::cli
