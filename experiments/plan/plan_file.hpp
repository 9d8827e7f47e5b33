// plan.yaml: the current grid written out.
#pragma once
#include <string>

#include "experiments/plan/study_plan.hpp"

namespace tubal {

/// read_plan() (plan_reader.hpp) gives the identical one back.
std::string write_plan(const StudyPlan& plan);

}  // namespace tubal
