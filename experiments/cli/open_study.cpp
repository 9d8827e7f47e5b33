#include "experiments/cli/open_study.hpp"

#include <iostream>

#include "core/error.hpp"
#include "core/files.hpp"
#include "experiments/records/stored_trial.hpp"
#include "experiments/records/study_folder.hpp"
#include "experiments/runner/study_lock.hpp"

namespace tubal::cli {

namespace po = boost::program_options;

analysis::Study open_study(const std::string& name, const std::string& studies,
                           const analysis::Selection& selection) {
  const layout::StudyFolder folder = find_study(name, studies);
  if (!file_is_there(folder.plan())) return analysis::read_study(folder, selection);
  const StudyContents contents = study_contents(folder.root);
  for (const StoredTrial& stranger : contents.strangers)
    std::cerr << "note: " << stranger.problem << ". It is no trial of this study; `tubal verify "
              << folder.name() << "` says what to do\n";
  const std::string image = contents.image();
  if (contents.reading.version > 1 && (!file_is_there(folder.data()) || read_file(folder.data()) != image))
    try {
      runner::refresh_study(folder);
    } catch (const std::exception&) {  // it may not be written here: what is shown is right all the same
    }
  return analysis::read_study(folder, selection, image);
}

void add_selection_options(po::options_description& options) {
  options.add_options()("all", "also the trials outside the study's current grid")(
      "mix-data", "take trials of the same configuration on other data into one mean with the grid's")(
      "task", po::value<std::string>(),
      "classification or language_model: only trials of this task, where a study has both");
}

analysis::Selection selection_of(const po::variables_map& values) {
  const std::string task = values.count("task") ? values["task"].as<std::string>() : "";
  if (values.count("task") && task != "classification" && task != "language_model")
    throw UsageError("--task " + task + ": allowed are classification and language_model");
  return {values.count("all") > 0, values.count("mix-data") > 0, task};
}

}  // namespace tubal::cli
