// STUDY and --studies of the commands that read a study.
#pragma once
#include "analysis/study_reader.hpp"
#include "experiments/study.hpp"

namespace tubal::cli {

/// Finds the study and reads it; writes study.h5 from the trials first where it is missing.
inline analysis::Study open_study(const std::string& name, const std::string& studies) {
  const layout::StudyFolder folder = analysis::find_study(name, studies);
  std::error_code none;
  if (!std::filesystem::exists(folder.data(), none)) rebuild_study(folder.root);
  return analysis::read_study(folder);
}

}  // namespace tubal::cli
