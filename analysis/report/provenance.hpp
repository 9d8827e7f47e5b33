// By which programs, on which machines and when the trials ran, and how their results are made again.
#pragma once
#include <string>
#include <vector>

#include "analysis/read/study.hpp"
#include "analysis/report/json.hpp"

namespace tubal::analysis {

/// [{name, values: [{value, trials}]}]: of each attribute of /provenance (core/layout_entries.hpp) the values
/// that the trials have, and how many have them; last `started` and `ended`, of the whole study. A trial.h5
/// that is damaged is told in `notes`.
Json gather_provenance(const Study& study, Json& notes);
/// Lines of a shell that lead to the same results.
std::vector<std::string> commands_to_reproduce(const Study& study, const Json& provenance);

}  // namespace tubal::analysis
