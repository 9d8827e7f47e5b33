// Studies and trials as they are typed on the command line.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "core/layout.hpp"

namespace tubal {

/// What names `study` in a command, as a word for a shell: its name where it lies in
/// ./studies, else its folder.
std::string typed(const layout::StudyFolder& study);

/// STUDY: a name below `studies`, or a folder's path, where a plan.yaml or a study.h5 lies, or one
/// of these files; the folder as it was typed. Throws UsageError that says where it was looked for
/// and which studies there are.
layout::StudyFolder find_study(const std::string& name, const std::filesystem::path& studies);

/// " `tubal run imdb` repeats this trial alone.": behind what is damaged of a trial.
std::string repeats(const layout::TrialFolder& trial);
/// The study that a trial lies in.
layout::StudyFolder study_of(const layout::TrialFolder& trial);

/// The same folder from the root of the file system, links followed: for other processes and other folders.
layout::StudyFolder whole(const std::filesystem::path& study);

/// The trials that `word` means: the one of this id, else those whose ids begin with it.
std::vector<std::string> ids_meant(const std::string& word, const std::vector<std::string>& ids);

/// TRIAL: the one of `ids` that `word` means. Throws UsageError where it is none or several.
std::string find_id(const std::string& word, const layout::StudyFolder& study,
                    const std::vector<std::string>& ids);

/// Whether something is there; UsageError where that cannot be seen, for lack of permission.
bool is_there(const std::filesystem::path& path);

}  // namespace tubal
