// How a study was configured.
#pragma once
#include "analysis/read/study.hpp"
#include "analysis/report/json.hpp"

namespace tubal::analysis {

/// {seeds: [...], fixed: [[key, value], ...]}: what was not swept, in the order of the keys.
Json gather_configuration(const Study& study);

}  // namespace tubal::analysis
