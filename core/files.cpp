#include "core/files.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "core/build_info.hpp"
#include "core/destination.hpp"
#include "core/error.hpp"
#include "core/sha256.hpp"

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

fs::path temporary_beside(const fs::path& path) {
  static std::atomic<unsigned> counter{0};
  // The name is cut so that the temporary one stays within a file system's 255 bytes.
  return folder_of(path) / ("." + path.filename().string().substr(0, 100) + "." + process_space() + "-" +
                            std::to_string(::getpid()) + "-" + std::to_string(counter++) + ".unfinished");
}

// Not a zombie either, which writes no more; where process 1 collects none (containers) it may stay for long.
bool is_alive(int pid) {
  if (pid <= 0 || (::kill(pid, 0) && errno != EPERM)) return false;
  std::string text;
  std::getline(std::ifstream("/proc/" + std::to_string(pid) + "/stat"), text, '\0');
  const auto name_end = text.rfind(')');  // the name may hold anything
  return name_end == std::string::npos || name_end + 2 >= text.size() || text[name_end + 2] != 'Z';
}

std::string free_space(const fs::path& path) {
  std::error_code none;
  if (fs::exists(path, none) && !fs::is_regular_file(path, none)) return "";  // a device
  const fs::space_info space = fs::space(folder_of(path), none);
  return none ? "" : " (" + std::to_string(space.available >> 20) + " MiB free)";
}

}  // namespace

std::string host_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) || !name[0] ? "localhost" : name;
}

std::string process_space() {
  static const std::string text = host_name() + "-" + sha256(boot_id() + process_namespace()).substr(0, 8);
  return text;
}

std::string file_problem(const std::string& action, const fs::path& path, int error) {
  const std::string start = "cannot " + action + " " + path.string() + ": ";
  if (cause_of(error) == Cause::device)
    return start + words(Cause::device) + " (" + std::strerror(error) +
           "). Once it works again, run again: what is finished is kept.";
  switch (error) {
    case ENOSPC:
      return start + words(Cause::no_space) + free_space(path) +
             ". Free some, then run again: what is finished is kept.";
    case EISDIR:
      return start + "it is a folder where a file belongs. Name another file, or move the folder away.";
    case ENAMETOOLONG:
      return start + "the name is too long: a part of a path takes 255 bytes, a whole one 4,095.";
    case ELOOP:
      return start + "its links lead in a circle.";
    case EPIPE:
      return start + "its reader has gone.";
    case EDQUOT:
      return start + words(Cause::quota) + ". Free some space, then run again: what is finished is kept.";
    case EFBIG:
      return start + "the file would pass the allowed size (see `ulimit -f`).";
    case EROFS:
      return start + words(Cause::read_only) + ". Remount it, or choose another folder.";
    case EACCES:
    case EPERM:
      return start + words(Cause::denied) +
             ". Check the owner and mode of the folder, or choose another one.";
    case ENOENT:
      return start + "no such file or folder.";
    case ENOTDIR:
      return start + "a part of the path is a file, not a folder.";
    default:
      return start + std::strerror(error) + ".";
  }
}

Error file_error(const std::string& action, const fs::path& path, int error) {
  return Error(file_problem(action, path, error), cause_of(error));
}

std::string message_of(const std::exception& error) {
  const auto* of_file = dynamic_cast<const fs::filesystem_error*>(&error);
  std::error_code gone;
  [[maybe_unused]] const fs::path here = fs::current_path(gone);
  if (of_file && gone == std::errc::no_such_file_or_directory && of_file->code() == gone)
    return "the folder in which this was started has been removed: `cd` into one that is there.";
  return of_file ? file_problem("use", of_file->path1(), of_file->code().value()) : error.what();
}

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
  const fs::path aside = temporary_beside(to.path);
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

bool is_unfinished(const fs::path& name) {
  const std::string text = name.filename().string();
  return text[0] == '.' && name.extension() == ".unfinished";
}

std::optional<bool> maker_has_ended(const std::string& name) {
  const std::string here = "." + process_space() + "-";
  const std::size_t at = name.rfind(here);
  if (at == std::string::npos) return std::nullopt;
  return !is_alive(std::atoi(name.c_str() + at + here.size()));
}

int remove_unfinished(const fs::path& folder) {
  int removed = 0;
  std::error_code none;
  // The folder's own time besides this machine's clock, which may be ahead of the file server's.
  const auto changed = fs::last_write_time(folder, none);
  const auto long_ago = std::min(fs::file_time_type::clock::now(), changed) - std::chrono::hours(1);
  for (fs::directory_iterator i(folder, none), end; i != end; i.increment(none)) {
    const std::string name = i->path().filename().string();
    if (!is_unfinished(name)) continue;
    bool dead = false;
    if (const auto ended = maker_has_ended(name)) {
      dead = *ended;
    } else {  // of processes that cannot be seen from here
      const auto written = fs::last_write_time(i->path(), none);
      dead = !none && written < long_ago;
    }
    if (dead && fs::remove(i->path(), none)) ++removed;
  }
  return removed;
}

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
