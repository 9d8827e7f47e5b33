// What this program was built from and where it runs: results carry it.
#pragma once
#include <string>

namespace tubal {

struct BuildInfo {
  std::string version;    // of the project
  std::string revision;   // git commit, "-dirty" where tracked files had changes; "unknown" outside git
  std::string compiler;   // "GCC 12.2.0"
  std::string flags;      // build type and flags
  std::string libraries;  // "HDF5 1.10.8, OpenSSL 3.0.x"
};
const BuildInfo& build_info();

/// "AMD EPYC 9575F 64-Core Processor", as the system names it.
std::string cpu_name();
/// Largest resident memory of this process so far, bytes.
double peak_memory();

}  // namespace tubal
