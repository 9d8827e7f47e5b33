// A transform as one text, for lists of transforms: its name alone, or YAML's {name: permutation, seed: 3}
// where it has fields of its own.
#pragma once
#include <string>

#include "transforms/transform.hpp"

namespace tubal {

struct YamlNode;

/// Fields at their defaults are left out.
std::string transform_text(const TransformSpec& spec);
/// From a name, or a map of a name and the fields that the schema has under model.transform. Throws
/// std::invalid_argument whose text says what was found and what is allowed.
TransformSpec read_transform(const YamlNode& node);
/// What transform_text() wrote.
TransformSpec read_transform(const std::string& text);

}  // namespace tubal
