#include "experiments/config/config.hpp"

#include <filesystem>

namespace tubal {

std::string resolve(const DataConfig& data, const std::string& path) {
  if (path.empty()) return "";
  return (std::filesystem::path(data.folder) / path).lexically_normal().string();
}

std::vector<std::string> train_files(const DataConfig& data) {
  std::vector<std::string> files;
  for (const std::string& file : data.train_list) files.push_back(resolve(data, file));
  if (files.empty() && !data.train.empty()) files.push_back(resolve(data, data.train));
  return files;
}

}  // namespace tubal
