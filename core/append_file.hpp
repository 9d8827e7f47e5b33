// A file that grows line by line, and that a failure never leaves with half a line in its middle.
#pragma once
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace tubal {

/// Lines are kept in memory until flush(), which hands them to the system; sync() also waits until the disk
/// has them. One writer at a time. Errors name the path and the reason (core/file_error.hpp).
class AppendFile {
 public:
  /// Opens or creates. `size`: the file is first cut to so many bytes (npos: kept whole).
  explicit AppendFile(std::filesystem::path path, std::size_t size = npos);
  ~AppendFile();  // flushes; a failure there is silent, so flush first
  AppendFile(const AppendFile&) = delete;
  AppendFile& operator=(const AppendFile&) = delete;
  void line(std::string_view text);
  void flush();
  void sync();
  /// Bytes in the file once flushed.
  std::size_t size() const { return size_ + waiting_.size(); }
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);

 private:
  std::filesystem::path path_;
  int file_;
  std::size_t size_ = 0;
  std::string waiting_;
};

}  // namespace tubal
