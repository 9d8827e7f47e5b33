#include "core/destination.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>

#include "core/error.hpp"
#include "core/file_error.hpp"
#include "core/files.hpp"
#include "core/text.hpp"

namespace tubal {

namespace {

// Links in /proc/PID/fd are no paths: they stand for what a process has open ("pipe:[4711]").
bool is_open_descriptor(const fs::path& link) {
  struct statfs system {};
  const fs::path folder = link.parent_path();
  return ::statfs(folder.c_str(), &system) == 0 && system.f_type == PROC_SUPER_MAGIC &&
         folder.filename() == "fd";
}

// The number where `link` stands for a descriptor of this process, else -1.
int own_descriptor(const fs::path& link) {
  std::error_code none;
  const fs::path folder = fs::canonical(link.parent_path(), none), own = fs::canonical("/proc/self/fd", none);
  const std::string name = link.filename();
  int number = -1;
  if (!none && folder == own) std::from_chars(name.data(), name.data() + name.size(), number);
  return number;
}

fs::path beside(const fs::path& link, const fs::path& target) {
  return target.is_absolute() || !link.has_parent_path() ? target : link.parent_path() / target;
}

[[noreturn]] void refuse(const fs::path& path, const std::string& why, Cause cause = Cause::other) {
  throw Error("cannot write " + path.string() + ": " + why, cause);
}

}  // namespace

Destination destination(const fs::path& path) {
  Destination to;
  to.path = path;
  std::error_code error;
  // Link by link, so that the file at the end is the one replaced. The kernel follows at most 40.
  for (int links = 0; fs::is_symlink(fs::symlink_status(to.path, error)); ++links) {
    if (links == 40) refuse(path, "its links lead in a circle.");
    if (is_open_descriptor(to.path)) {
      to.kind = Destination::Kind::stream;
      to.descriptor = own_descriptor(to.path);
      return to;
    }
    const fs::path target = fs::read_symlink(to.path, error);
    if (error) refuse(path, error.message() + ".", cause_of(error.value()));
    to.path = beside(to.path, target);
  }
  struct stat about {};
  if (::stat(to.path.c_str(), &about)) {
    if (errno != ENOENT || !to.path.has_filename()) throw file_error("write", path, errno);
    const fs::path folder = to.path.has_parent_path() ? to.path.parent_path() : fs::path(".");
    const bool is_folder = fs::is_directory(folder, error);
    if (error && error != std::errc::no_such_file_or_directory && error != std::errc::not_a_directory)
      throw file_error("look at", folder, error.value());
    if (!is_folder)
      refuse(path, (to.path == path ? "" : "it is a link to " + to.path.string() + ", and ") + "the folder " +
                       folder.string() + " does not exist. `mkdir -p " + shell_word(folder.string()) +
                       "` makes it.");
    return to;
  }
  if (S_ISDIR(about.st_mode)) refuse(path, "it is a folder. Name a file in it.");
  if (S_ISSOCK(about.st_mode)) refuse(path, "it is a socket. Name a file or a pipe.");
  if (!S_ISREG(about.st_mode)) {
    to.kind = Destination::Kind::stream;
    return to;
  }
  to.mode = about.st_mode & 07777;
  to.owner = about.st_uid;
  to.group = about.st_gid;
  return to;
}

void require_writable(const fs::path& path, const char* option) {
  try {
    if (path.empty()) throw Error("the name of the file is empty.");
    destination(path);
  } catch (const Error& e) {
    throw UsageError("", 0, option, e.what(), e.cause());
  }
}

bool is_standard_output(const fs::path& path) {
  struct stat one {
  }, other{};
  if (::fstat(STDOUT_FILENO, &one) || ::stat(path.c_str(), &other)) return false;
  const bool shared = S_ISCHR(one.st_mode) ? one.st_rdev == other.st_rdev && S_ISCHR(other.st_mode)
                                           : one.st_dev == other.st_dev && one.st_ino == other.st_ino;
  return shared && destination(path).kind == Destination::Kind::stream;
}

int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(descriptor, bytes.data(), bytes.size());
    if (n >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(n));
    } else if (errno == EAGAIN) {
      pollfd room{descriptor, POLLOUT, 0};
      ::poll(&room, 1, -1);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

int write_stream(const Destination& to, std::string_view bytes) {
  const int file = to.descriptor >= 0 ? ::fcntl(to.descriptor, F_DUPFD_CLOEXEC, 3)
                                      : ::open(to.path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
  if (file < 0) return errno;
  int error = write_all(file, bytes);
  if (::close(file) && !error && errno != EINTR) error = errno;
  return error;
}

}  // namespace tubal
