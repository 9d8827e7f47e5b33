#include "core/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "core/destination.hpp"
#include "core/file_error.hpp"
#include "core/unfinished.hpp"

namespace tubal {

namespace {

// A file descriptor that closes itself.
struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

// A rename is durable once its folder is. Some file systems refuse to sync a folder (EINVAL):
// nothing to be done there.
void sync_folder(const fs::path& folder) {
  const Descriptor d{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (d.number >= 0 && ::fsync(d.number) && errno != EINVAL && errno != EROFS)
    throw file_error("sync the folder", folder, errno);
}

}  // namespace

// The content so far, then 0 or errno.
static int read_once(const fs::path& path, std::string& bytes) {
  const Descriptor d{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  struct stat about {};
  if (d.number < 0 || ::fstat(d.number, &about)) return errno;
  bytes.clear();
  bytes.reserve(static_cast<std::size_t>(about.st_size));
  char piece[1 << 16];
  for (;;) {
    const ssize_t n = ::read(d.number, piece, sizeof piece);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    if (n == 0) return 0;
    bytes.append(piece, static_cast<std::size_t>(n));
  }
}

// On a network file system a file that is replaced while it is read goes stale: opened
// again, it is the new one.
static int read_whole(const fs::path& path, std::string& bytes) {
  int error = read_once(path, bytes);
  for (int again = 0; error == ESTALE && again < 4; ++again) error = read_once(path, bytes);
  return error;
}

std::string read_file(const fs::path& path) {
  std::string bytes;
  if (const int error = read_whole(path, bytes)) throw file_error("read", path, error);
  return bytes;
}

std::optional<std::string> read_file_if_there(const fs::path& path) {
  std::string bytes;
  const int error = read_whole(path, bytes);
  if (error == ENOENT || error == ENOTDIR) return std::nullopt;
  if (error) throw file_error("read", path, error);
  return bytes;
}

bool file_is_there(const fs::path& path) {
  struct stat about {};
  if (!::stat(path.c_str(), &about)) return true;
  if (errno == ENOENT || errno == ENOTDIR) return false;
  throw file_error("look at", path, errno);
}

void write_file(const fs::path& path, std::string_view bytes, Durability durability) {
  write_file(path, std::span(&bytes, 1), durability);
}

// The name is this process's own: what lies there is of one that had its number before, or was made by a
// request whose answer was lost. Returns the descriptor, or -1 and errno.
static int make_new(const fs::path& path) {
  const auto make = [&] { return ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666); };
  int file = make();
  if (file < 0 && errno == EEXIST && !::unlink(path.c_str())) file = make();
  return file;
}

// Written beside `to`, renamed over it. Returns 0 or errno; then the old file stands as it was.
static int replace_file(const Destination& to, std::span<const std::string_view> pieces,
                        Durability durability) {
  const fs::path aside = unfinished_beside(to.path);
  int error = 0;
  struct stat made {};
  {
    Descriptor d{make_new(aside)};
    if (d.number < 0) return errno;
    // Owner and mode of the file that was there; only root may give files away, others keep their own.
    if (to.owner && ::fchown(d.number, *to.owner, *to.group) && ::fchown(d.number, -1, *to.group)) {
    }
    if (to.mode && ::fchmod(d.number, *to.mode)) error = errno;
    for (const std::string_view bytes : pieces)
      if (!error) error = write_all(d.number, bytes);
    if (!error && durability == Durability::synced && ::fsync(d.number)) error = errno;
    if (!error && ::fstat(d.number, &made)) error = errno;
    // Some file systems (NFS, quotas) tell of a failed write only here.
    if (::close(d.number) && !error && errno != EINTR) error = errno;
    d.number = -1;
  }
  if (!error && ::rename(aside.c_str(), to.path.c_str())) {
    error = errno;
    // A file server that is asked twice, since its answer was lost, says that it failed.
    struct stat there {};
    if (!::stat(to.path.c_str(), &there) && there.st_ino == made.st_ino && there.st_dev == made.st_dev)
      return 0;
  }
  if (error) ::unlink(aside.c_str());
  return error;
}

void write_file(const fs::path& path, std::span<const std::string_view> pieces, Durability durability) {
  const Destination to = destination(path);
  if (to.kind == Destination::Kind::stream) {
    std::string bytes;
    for (const std::string_view piece : pieces) bytes += piece;
    if (const int error = write_stream(to, bytes)) throw file_error("write", path, error);
    return;
  }
  if (const int error = replace_file(to, pieces, durability)) throw file_error("write", path, error);
  if (durability == Durability::synced) sync_folder(folder_of(to.path));
}

void make_folder(const fs::path& path) {
  struct stat about {};
  const auto is_folder = [&] { return !::stat(path.c_str(), &about) && S_ISDIR(about.st_mode); };
  const auto refuse = [&](int error) { throw file_error("make the folder", path, error); };
  if (is_folder()) return;
  if (about.st_mode) refuse(ENOTDIR);
  if (errno != ENOENT) refuse(errno);
  if (path.has_relative_path() && path.has_parent_path()) make_folder(path.parent_path());
  if (!::mkdir(path.c_str(), 0777)) return;
  const int error = errno;
  if (error != EEXIST || !is_folder()) refuse(error);
}

}  // namespace tubal
