// A study's folder: study.h5 rebuilt from its trials.
#include "core/layout.hpp"
#include "experiments/study.hpp"

namespace tubal {

void rebuild_study(const fs::path& study_directory, const StudyPlan& plan) {
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
  write_study(folder.data(), plan.study, plan.axes, rows);
}

void rebuild_study(const fs::path& study_directory) {
  rebuild_study(study_directory, read_plan(layout::StudyFolder{study_directory}.plan().string()));
}

}  // namespace tubal
