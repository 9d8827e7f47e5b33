// The digest of a matrix file.
#pragma once
#include <string>

namespace tubal {

/// SHA-256 of a file, remembered while its size and times stay the same: 10,000 trials may name one file.
/// "missing" where there is none.
std::string remembered_digest(const std::string& file);

}  // namespace tubal
