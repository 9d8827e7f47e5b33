#include "experiments/config.hpp"

#include <filesystem>

namespace tubal {

std::string resolve(const DataConfig& data, const std::string& path) {
  if (path.empty()) return "";
  return (std::filesystem::path(data.folder) / path).lexically_normal().string();
}

}  // namespace tubal
