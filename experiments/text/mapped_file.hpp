// A file's bytes, mapped read-only; views stay valid while the shared pointer lives.
#pragma once
#include <filesystem>
#include <memory>
#include <string_view>

namespace tubal {

class MappedFile {
 public:
  /// Throws UsageError where `path` is missing (and names the files beside it), a folder, or not readable.
  static std::shared_ptr<const MappedFile> open(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string_view bytes() const { return {static_cast<const char*>(data_), size_}; }

 private:
  MappedFile() = default;
  std::filesystem::path path_;
  void* data_ = nullptr;
  std::size_t size_ = 0;
};

/// " The folder DIR holds: a.csv, b.csv; did you mean `b.csv`?", or which part of the path is missing.
std::string nearby_files(const std::filesystem::path& missing);

/// Line (from 1) of the byte at `offset`.
int line_at(std::string_view bytes, std::size_t offset);

}  // namespace tubal
