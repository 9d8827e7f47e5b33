// For tests: a fresh folder, a limit on file sizes that stands in for a full disk, and
// code run without privileges.
#pragma once
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>

namespace tubal {

struct TemporaryFolder {
  std::filesystem::path path;
  TemporaryFolder() : TemporaryFolder(std::filesystem::temp_directory_path()) {}
  explicit TemporaryFolder(const std::filesystem::path& parent) {
    std::string name = (parent / "tubal-test-XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
    path = name;
  }
  ~TemporaryFolder() {
    std::error_code none;
    std::filesystem::remove_all(path, none);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  std::filesystem::path operator/(const std::filesystem::path& name) const { return path / name; }
  long count() const { return std::distance(std::filesystem::directory_iterator(path), {}); }
};

/// Where the environment variable asks for it (a script that goes on with what a test
/// writes), else a fresh folder.
class AskedFolder {
  TemporaryFolder fresh_;

 public:
  std::filesystem::path path;
  explicit AskedFolder(const char* variable = "TUBAL_SAMPLE")
      : path(std::getenv(variable) ? std::getenv(variable) : fresh_.path) {}
};

/// While it lives, this process cannot write a file past so many bytes (EFBIG instead of ENOSPC).
struct FileSizeLimit {
  rlimit before;
  void (*handler)(int);
  explicit FileSizeLimit(rlim_t bytes) : handler(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before);
    const rlimit now{bytes, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &now);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
  }
};

/// Runs `action` in a child that has no rights of root; returns the text of what it threw, "" for nothing.
inline std::string as_nobody(const std::function<void()>& action) {
  int ends[2];
  if (pipe(ends)) throw std::runtime_error("no pipe");
  const pid_t child = fork();
  if (child == 0) {
    std::string text;
    if (geteuid() == 0 && (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534)))
      text = "cannot drop rights";
    try {
      if (text.empty()) action();
    } catch (const std::exception& e) {
      text = e.what();
    }
    [[maybe_unused]] const ssize_t n = write(ends[1], text.data(), text.size());
    _exit(0);
  }
  close(ends[1]);
  std::string text;
  char piece[4096];
  for (ssize_t n; (n = read(ends[0], piece, sizeof piece)) > 0;)
    text.append(piece, static_cast<std::size_t>(n));
  close(ends[0]);
  waitpid(child, nullptr, 0);
  return text;
}

}  // namespace tubal
