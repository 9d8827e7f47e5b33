#include "experiments/text/mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/error.hpp"

namespace tubal {

namespace fs = std::filesystem;

std::string nearby_files(const fs::path& missing) {
  std::error_code error;
  fs::path folder = fs::absolute(missing, error).lexically_normal().parent_path();
  if (!fs::is_directory(folder, error)) {
    while (!folder.empty() && folder != folder.root_path() && !fs::is_directory(folder, error))
      folder = folder.parent_path();
    return " There is nothing below " + folder.string() + " on the way to it.";
  }
  std::vector<std::string> names;
  for (fs::directory_iterator i(folder, error), end; !error && i != end; i.increment(error))
    names.push_back(i->path().filename().string());
  std::sort(names.begin(), names.end());
  std::string hint = did_you_mean(missing.filename().string(), names);
  const bool many = names.size() > 8;
  if (many) names.resize(8);
  if (names.empty()) return " The folder " + folder.string() + " is empty.";
  return " The folder " + folder.string() + " holds: " + join(names) + (many ? ", ..." : ".") +
         (hint.empty() ? "" : " " + hint);
}

std::shared_ptr<const MappedFile> MappedFile::open(const fs::path& path) {
  const auto refuse = [&](const char* what, int error) {
    throw UsageError(path.string(), 0, "", std::string(what) + ": " + std::strerror(error) + ".",
                     cause_of(error));
  };
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    const int reason = errno;
    if (reason == ENOENT || reason == ENOTDIR)
      throw UsageError(path.string(), 0, "", "no such file." + nearby_files(path));
    refuse("cannot be read", reason);
  }
  struct Closer {
    int file;
    ~Closer() { ::close(file); }
  } closer{file};
  struct stat s {};
  if (::fstat(file, &s) != 0) refuse("cannot be read", errno);
  if (S_ISDIR(s.st_mode))
    throw UsageError(path.string(), 0, "", "is a folder where a file is expected; name the file inside it.");
  if (!S_ISREG(s.st_mode))
    throw UsageError(path.string(), 0, "",
                     "is not a regular file (a pipe or device); save it to a file first.");
  auto mapped = std::shared_ptr<MappedFile>(new MappedFile);
  mapped->path_ = path;
  mapped->size_ = static_cast<std::size_t>(s.st_size);
  if (mapped->size_) {
    mapped->data_ = ::mmap(nullptr, mapped->size_, PROT_READ, MAP_SHARED, file, 0);
    if (mapped->data_ == MAP_FAILED) {
      const int reason = errno;
      mapped->data_ = nullptr;
      refuse("cannot be mapped", reason);
    }
  }
  return mapped;
}

MappedFile::~MappedFile() {
  if (data_) ::munmap(data_, size_);
}

int line_at(std::string_view bytes, std::size_t offset) {
  return 1 + static_cast<int>(std::count(
                 bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(std::min(offset, bytes.size())),
                 '\n'));
}

}  // namespace tubal
