// model.safetensors: parameters under their names of DESIGN section 3, readable by the safetensors libraries.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "layers/model.hpp"

namespace tubal {

/// Writes the values as float32, row-major; returns the file's SHA-256. `metadata` are
/// strings for `__metadata__`.
std::string write_safetensors(const std::filesystem::path& file,
                              const std::vector<NamedTensor<float>>& tensors,
                              const std::map<std::string, std::string>& metadata);

/// Fills the values of all `tensors` from a file; throws Error where one is missing or
/// of another shape or type.
void read_safetensors(const std::filesystem::path& file, std::vector<NamedTensor<float>>& tensors);

/// The strings of `__metadata__`; throws Error where the file is damaged.
std::map<std::string, std::string> read_safetensors_metadata(const std::filesystem::path& file);

}  // namespace tubal
