// Values as YAML that every reader takes for what they are.
#pragma once
#include <string>

#include "experiments/grid.hpp"

namespace tubal {

/// Plain where every YAML reader takes it for a text, else in double quotes (JSON's are YAML's).
std::string yaml_text(const std::string& text);
/// On one line; lists in brackets.
std::string yaml_value(const Value& value);

}  // namespace tubal
