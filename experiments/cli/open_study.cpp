#include "experiments/cli/open_study.hpp"

#include <iostream>

#include "analysis/compare/choice.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "experiments/records/stored_trial.hpp"
#include "experiments/records/study_folder.hpp"
#include "experiments/runner/study_lock.hpp"

namespace tubal::cli {

namespace po = boost::program_options;

static analysis::Study study_as_it_is(const std::string& name, const std::string& studies,
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

analysis::Study open_study(const std::string& name, const std::string& studies,
                           const analysis::Selection& selection) {
  analysis::Study study = study_as_it_is(name, studies, selection);
  analysis::choose_baseline(study, selection.baseline);
  return study;
}

std::vector<std::pair<std::string, std::string>> pairs_of(const po::variables_map& values,
                                                          const std::string& option) {
  std::vector<std::pair<std::string, std::string>> pairs;
  if (!values.count(option)) return pairs;
  for (const std::string& given : values[option].as<std::vector<std::string>>()) {
    const std::size_t at = given.find('=');
    if (at == given.npos || at == 0)
      throw UsageError("--" + option + " " + given + ": expected KEY=VALUE, such as p=4");
    pairs.push_back({given.substr(0, at), given.substr(at + 1)});
  }
  return pairs;
}

void add_selection_options(po::options_description& options) {
  options.add_options()("all", "also the trials outside the study's current grid")(
      "mix-data", "take trials of the same configuration on other data into one mean with the grid's")(
      "task", po::value<std::string>(),
      "classification or language_model: only trials of this task, where a study has both")(
      "baseline", po::value<std::vector<std::string>>()->composing(),
      "KEY=VALUE[,VALUE]: compare with the cells that have this, not the grid's baseline; may be repeated");
}

analysis::Selection selection_of(const po::variables_map& values) {
  const std::string task = values.count("task") ? values["task"].as<std::string>() : "";
  if (values.count("task") && task != "classification" && task != "language_model")
    throw UsageError("--task " + task + ": allowed are classification and language_model");
  return {values.count("all") > 0, values.count("mix-data") > 0, task, pairs_of(values, "baseline")};
}

}  // namespace tubal::cli
