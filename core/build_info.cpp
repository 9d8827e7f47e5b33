#include "core/build_info.hpp"

#include <hdf5.h>
#include <openssl/crypto.h>
#include <sys/resource.h>

#include <fstream>

namespace tubal {

extern const char* const source_revision;  // revision.cmake writes it

const BuildInfo& build_info() {
  static const BuildInfo info = [] {
    unsigned major = 0, minor = 0, release = 0;
    H5get_libversion(&major, &minor, &release);
#if defined(__clang__)
    const std::string compiler = std::string("Clang ") + __clang_version__;
#else
    const std::string compiler = std::string("GCC ") + __VERSION__;
#endif
    return BuildInfo{TUBAL_VERSION, source_revision, compiler, TUBAL_FLAGS,
                     "HDF5 " + std::to_string(major) + "." + std::to_string(minor) + "." +
                         std::to_string(release) + ", " + OpenSSL_version(OPENSSL_VERSION)};
  }();
  return info;
}

std::string cpu_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.rfind("model name", 0) == 0 && line.find(": ") != std::string::npos)
      return line.substr(line.find(": ") + 2);
  return "unknown";
}

double peak_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return 1024. * static_cast<double>(usage.ru_maxrss);
}

}  // namespace tubal
