#include "core/append_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "core/destination.hpp"
#include "core/file_error.hpp"

namespace tubal {

namespace fs = std::filesystem;

AppendFile::AppendFile(fs::path path, std::size_t size) : path_(std::move(path)) {
  file_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (file_ < 0) throw file_error("write", path_, errno);
  struct stat about {};
  int error = 0;
  if (size != npos && ::ftruncate(file_, static_cast<off_t>(size))) error = errno;
  if (!error && ::fstat(file_, &about)) error = errno;
  if (error) {
    ::close(file_);
    throw file_error("write", path_, error);
  }
  size_ = static_cast<std::size_t>(about.st_size);
}

AppendFile::~AppendFile() {
  try {
    flush();
  } catch (const Error&) {
  }
  if (file_ >= 0) ::close(file_);
}

void AppendFile::line(std::string_view text) { waiting_.append(text).push_back('\n'); }

// Open at its end, cut to `size` bytes; or -1, and errno.
static int open_cut(const fs::path& path, std::size_t size) {
  const int file = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (file < 0 || !::ftruncate(file, static_cast<off_t>(size))) return file;
  const int error = errno;
  ::close(file);
  errno = error;
  return -1;
}

void AppendFile::flush() {
  if (file_ < 0) file_ = open_cut(path_, size_);
  if (file_ < 0) throw file_error("write", path_, errno);
  if (const int error = write_all(file_, waiting_)) {
    // Half a line may stand at the end now: cut back to the last whole state. Where that fails, too, the file
    // is closed, so that nothing can follow the torn line before it is cut off.
    if (::ftruncate(file_, static_cast<off_t>(size_))) {
      ::close(file_);
      file_ = -1;
    }
    throw file_error("write", path_, error);
  }
  size_ += waiting_.size();
  waiting_.clear();
}

void AppendFile::sync() {
  flush();
  if (::fsync(file_)) throw file_error("write", path_, errno);
}

}  // namespace tubal
