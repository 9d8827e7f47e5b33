// STUDY and --studies of the commands that read a study.
#pragma once
#include <boost/program_options.hpp>

#include "analysis/read/study_reader.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "core/typed.hpp"

namespace tubal::cli {

/// Finds the study and reads it as its trials say now. study.h5 is brought up to date on the way where it may
/// be written, and left alone where the study is of an earlier tubal, which only `tubal run` upgrades.
analysis::Study open_study(const std::string& name, const std::string& studies,
                           const analysis::Selection& selection = {});

/// The KEY=VALUE of an option that may be repeated. Throws UsageError where one is none.
std::vector<std::pair<std::string, std::string>> pairs_of(const boost::program_options::variables_map& values,
                                                          const std::string& option);
/// --all, --mix-data, --task and --baseline. Throws UsageError for a task that is none.
void add_selection_options(boost::program_options::options_description& options);
analysis::Selection selection_of(const boost::program_options::variables_map& values);

}  // namespace tubal::cli
