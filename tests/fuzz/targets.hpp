// Everything that reads bytes from outside, as a table of functions on bytes.
#pragma once
#include <string>
#include <vector>

namespace tubal::fuzz {

struct Target {
  std::string name;  // also the folder of its seeds
  std::string file;  // what a file with the bytes is called, in a folder of its own
  void (*read)(const std::string& folder, const std::string& bytes);
};
const std::vector<Target>& targets();

/// Writes the bytes to the target's file and reads them. Errors that teach (tubal::Error) are an answer; any
/// other exception escapes. Returns whether the bytes were accepted.
bool try_bytes(const Target& target, const std::string& folder, const std::string& bytes);

}  // namespace tubal::fuzz
