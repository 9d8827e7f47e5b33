// A value of a configuration key, whatever its type.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace tubal {

/// A value of one key. Integers are int64 (unsigned seeds fit up to 2^63-1). Of a list of transforms, an
/// entry is its text (transform_text.hpp).
using Value =
    std::variant<bool, std::int64_t, double, std::string, std::vector<double>, std::vector<std::string>>;
/// Keys with values, such as {"model.p", 4}; in the order in which they are shown.
using Values = std::vector<std::pair<std::string, Value>>;

/// What a trial's identity is made of: texts in quotes, numbers in their shortest form.
std::string canonical_value(const Value& value);
/// For people and labels: true, 4, 0.0003, dct, [1, 0.5], [attention, mixer].
std::string show(const Value& value);

}  // namespace tubal
