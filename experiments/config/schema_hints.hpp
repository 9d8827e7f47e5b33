// What the table of keys tells people: the key that was probably meant, and the reference of all.
#pragma once
#include <string>
#include <vector>

namespace tubal {

/// "did you mean `model.p`?", also for a right name in the wrong section; "" if nothing is near. `others` are
/// names allowed besides the schema's.
std::string nearest_key(const std::string& name, const std::vector<std::string>& others = {});

/// Every key with type, range, default and meaning, for people.
std::string key_reference();

}  // namespace tubal
