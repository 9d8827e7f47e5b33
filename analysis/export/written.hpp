// What an export wrote.
#pragma once
#include <filesystem>
#include <vector>

namespace tubal::analysis {

/// Each export makes its folder where it is missing, writes its files aside and renames them, and returns
/// what it wrote. It throws Error where a file cannot be written.
using Written = std::vector<std::filesystem::path>;

}  // namespace tubal::analysis
