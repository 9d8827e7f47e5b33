// Studies as they are typed on the command line.
#pragma once
#include <string>

#include "core/layout.hpp"

namespace tubal {

/// What names `study` in a command, as a word for a shell: its name where it lies in ./studies, else its
/// folder.
std::string typed(const layout::StudyFolder& study);

/// Whether something is there; UsageError where that cannot be seen, for lack of permission.
bool is_there(const std::filesystem::path& path);

}  // namespace tubal
