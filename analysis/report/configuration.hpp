// How a study was configured, and how it is made again.
#pragma once
#include <string>
#include <vector>

#include "analysis/read/study.hpp"
#include "analysis/report/json.hpp"

namespace tubal::analysis {

/// {swept: [...], fixed: [[key, value], ...]}
Json gather_configuration(const Study& study);
/// Lines of a shell that lead to the same results.
std::vector<std::string> commands_to_reproduce(const Study& study, const Json& provenance);

}  // namespace tubal::analysis
