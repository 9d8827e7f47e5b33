// The one table of configuration keys: parsing, defaults, --set, the canonical text, hints and `tubal plan
// --keys` all come from it (schema.cpp); and how a key is found by name (find_key.cpp).
#pragma once
#include <string>
#include <vector>

#include "experiments/config/key.hpp"

namespace tubal {

/// In the order in which people read them.
const std::vector<Key>& schema();

/// The key of that name or alias (model.transform.name is model.transform), or null.
/// model.transform.options.* are free texts for plug-ins.
const Key* find_key(const std::string& name);
/// Whether some key starts with "name.": data, model.position, ...
bool is_section(const std::string& name);
/// The key that a plain value sets where `name` is a section: model.position ->
/// model.position.kind; else `name`.
std::string full_name(const std::string& name);

}  // namespace tubal
