#include "experiments/data/source_digest.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/sha256.hpp"
#include "experiments/text/mapped_file.hpp"

namespace tubal {

SourceDigest digest_sources(const std::vector<std::string>& files, const std::filesystem::path& cache,
                            const std::filesystem::path& folder, const std::string& name) {
  Sha256 stamp, content;
  SourceDigest out;
  std::time_t newest = 0;
  for (const std::string& file : files) {
    struct stat s {};
    if (::stat(file.c_str(), &s) != 0) MappedFile::open(file);  // throws, and tells why
    char line[128];
    std::snprintf(line, sizeof line, "\n%lld %lld.%09ld %lld.%09ld %llu\n", static_cast<long long>(s.st_size),
                  static_cast<long long>(s.st_mtim.tv_sec), s.st_mtim.tv_nsec,
                  static_cast<long long>(s.st_ctim.tv_sec), s.st_ctim.tv_nsec,
                  static_cast<unsigned long long>(s.st_ino));
    stamp.update(file).update(line);
    if (!name.empty()) stamp.update(folder.string()).update("\n" + name);
    out.bytes += s.st_size;
    newest = std::max({newest, s.st_mtim.tv_sec, s.st_ctim.tv_sec});
  }
  const std::filesystem::path known = cache / ("source-" + stamp.hex().substr(0, 32) + ".sha256");
  if (std::ifstream in(known); in >> out.sha256 && out.sha256.size() == 64) return out;
  for (const std::string& file : files) {
    const auto mapped = MappedFile::open(file);
    const std::filesystem::path path(file);
    const bool renamed = !name.empty() && path.parent_path() == folder;
    const std::filesystem::path parent =
        renamed ? std::filesystem::path(name) : path.parent_path().filename();
    content.update((parent / path.filename()).string() + "\n" + std::to_string(mapped->bytes().size()) +
                   "\n");
    content.update(mapped->bytes());
  }
  out.sha256 = content.hex();
  if (std::time(nullptr) - newest > 2) try {
      write_file(known, out.sha256 + "\n");
    } catch (const Error&) {
    }
  return out;
}

}  // namespace tubal
