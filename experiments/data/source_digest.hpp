// What a data set's source files hold, as one digest, without reading them again while they stay as they are.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace tubal {

struct SourceDigest {
  std::string sha256;
  std::int64_t bytes = 0;
};

/// SHA-256 over names (with that of the folder), sizes and contents, in the order given. The digest is kept
/// in `cache` under the files' paths, sizes, inodes and times (nanoseconds), but not while a file is younger
/// than two seconds: it could change again within its time stamp's grain. An unwritable cache only costs
/// time. Files right in `folder` are taken to lie in one called `name`, where that is given: as they were
/// called before the folder was renamed. Throws UsageError for a missing file.
SourceDigest digest_sources(const std::vector<std::string>& files, const std::filesystem::path& cache,
                            const std::filesystem::path& folder = {}, const std::string& name = {});

}  // namespace tubal
