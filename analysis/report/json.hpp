// The JSON of a report, in the order in which it is put together.
#pragma once
#include <nlohmann/json.hpp>

namespace tubal::analysis {

using Json = nlohmann::ordered_json;

}  // namespace tubal::analysis
