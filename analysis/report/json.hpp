// The JSON of a report, in the order in which it is put together.
#pragma once
#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>

namespace tubal::analysis {

using Json = nlohmann::ordered_json;

/// A place in a list; null for none.
inline Json or_null(std::optional<std::size_t> k) { return k ? Json(*k) : Json(); }

}  // namespace tubal::analysis
