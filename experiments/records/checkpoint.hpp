// The file `checkpoint`: a JSON header (counters, cursor) and arrays of floats (parameters,
// moments, best parameters).
//
//   "TUBALCP1"  u64 header size  u64 arrays  u64 floats of each  header  arrays  SHA-256 of all before, 64
//   hex digits
//
// Numbers are little-endian. It is written aside, synced and renamed: there is the old
// one or the new one, whole.
#pragma once
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace tubal {

struct Checkpoint {
  std::string header;
  std::vector<std::vector<float>> arrays;
};

void save_checkpoint(const std::filesystem::path& file, const std::string& header,
                     const std::vector<std::span<const float>>& arrays);

/// Throws Error (file, what is wrong) where it is cut, altered, or of another version.
Checkpoint load_checkpoint(const std::filesystem::path& file);

}  // namespace tubal
