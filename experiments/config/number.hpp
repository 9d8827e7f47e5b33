// Numbers as configurations write them: read strictly, written so that they read back to the same double.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "core/format.hpp"

namespace tubal {

/// -12, 0, 7; no sign +, no leading zero, nothing beyond int64.
std::optional<std::int64_t> parse_integer(const std::string& text);
/// 1, 1.0, .5, 3e-4, -2.5E+3; finite; no leading zero.
std::optional<double> parse_number(const std::string& text);
/// Why `text` is no number although it looks like one ("leading zero", "too large"), or "".
std::string number_fault(const std::string& text);

/// shortest() of core/format.hpp in a form that every YAML reader takes for a number (PyYAML needs a point
/// and a sign): 1.0e-08.
std::string yaml_number(double x);

}  // namespace tubal
