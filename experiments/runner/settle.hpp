// From what a grid asks for to folders of the store: each trial gets the name under which its results on
// today's data, matrices and plug-ins lie or will lie.
#pragma once
#include <set>

#include "core/layout.hpp"
#include "experiments/data/content.hpp"
#include "experiments/plan/study_plan.hpp"

namespace tubal::runner {

/// A plan that was read from a file, brought to today's plug-ins and matrix files: where one of them has
/// changed, its trials are new ones, and `notes` says so. Throws UsageError naming a plug-in that is gone.
void renew(StudyPlan& plan, std::vector<std::string>& notes);

/// Names each trial: "0123456789ab", or, where the store holds that configuration trained on other data,
/// "0123456789ab-01234567" for today's. Data that are not here now leave a trial the name that it has in
/// `before` (ids of the current grid).
void settle(StudyPlan& plan, const layout::StudyFolder& study, DataNow& data,
            const std::set<std::string>& before, std::vector<std::string>& notes);

}  // namespace tubal::runner
