// A study's folder before its first trial runs: checked, its current grid written, its history told.
#pragma once
#include "experiments/runner/index.hpp"

namespace tubal::runner {

/// Makes `plan` the current grid of the study in this folder (made where missing): names its trials by what
/// the store holds and what the data hold now, appends to the history, writes plan.yaml, the index, each
/// trial's config.yaml where it is missing, and study.h5. What lies in trials/ stays: a config.yaml that was
/// edited is put aside and written anew. A study of an earlier tubal is upgraded, with a copy kept. What
/// people should know stands in StudyIndex::notes. Throws UsageError, with nothing written, where the folder
/// cannot be written or its disk is full.
StudyIndex prepare_study(StudyPlan plan, const layout::StudyFolder& study);
/// The same in the folder plan.study below `studies`.
StudyIndex prepare_study(StudyPlan plan, const fs::path& studies);
/// The same of a study's own plan, brought to today's files: `tubal run STUDY`. Throws UsageError where a
/// line of plan.yaml cannot be read.
StudyIndex prepare_again(const layout::StudyFolder& study);

/// The index that prepare_study(), or for `again` prepare_again(), would return; writes nothing.
StudyIndex look_ahead(StudyPlan plan, const layout::StudyFolder& study, bool again);

/// Throws UsageError naming the reason where no file of 64 KiB can be written in
/// `folder`; makes it where missing.
void check_writable(const fs::path& folder);

}  // namespace tubal::runner
