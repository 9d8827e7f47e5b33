#include "experiments/cli/stored.hpp"

#include "analysis/study_reader.hpp"
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
  const layout::StudyFolder study = analysis::find_study(named.substr(0, slash), studies);
  const std::string wanted = named.substr(slash + 1);
  std::vector<std::string> fits, ids = study.trial_ids();
  for (const std::string& id : ids)
    if (id.starts_with(wanted)) fits.push_back(id);
  if (fits.size() > 1)
    throw UsageError("`" + wanted + "` may be " + join(fits, " or ") + ": give more of it.");
  if (fits.empty())
    throw UsageError("study " + study.name() + " has no trial `" + wanted + "`. " +
                     did_you_mean(wanted, ids) + " `tubal status " + typed(study) + "` lists them.");
  return study.trial(fits[0]);
}

}  // namespace tubal::cli
