// A study's folder: study.h5 rebuilt from its trials.
#include "core/files.hpp"
#include "core/layout.hpp"
#include "experiments/study.hpp"

namespace tubal {

std::string study_image(const fs::path& study_directory, const StudyPlan& plan) {
  const layout::StudyFolder folder{study_directory};
  std::vector<StudyRow> rows;
  for (const Trial& t : plan.trials) {
    StudyRow row{t.id, {}, values_of(t.config), t.cells, t.baseline};
    try {
      row.status = read_status(folder.trial(t.id).root);
    } catch (const Error& e) {
      row.status.cause = e.what();
    }
    row.status.seed = t.config.seed;
    rows.push_back(std::move(row));
  }
  return study_image(plan.study, plan.axes, rows);
}

void rebuild_study(const fs::path& study_directory, const StudyPlan& plan) {
  const fs::path file = layout::StudyFolder{study_directory}.data();
  const std::string image = study_image(study_directory, plan);
  std::error_code none;
  if (!fs::exists(file, none) || read_file(file) != image) write_file(file, image);
}

void rebuild_study(const fs::path& study_directory) {
  rebuild_study(study_directory, read_plan(layout::StudyFolder{study_directory}.plan().string()));
}

}  // namespace tubal
