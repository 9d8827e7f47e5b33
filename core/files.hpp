// Files that survive: read whole, write aside and rename, append lines. Errors name the
// path, the reason and the fix.
#pragma once
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tubal {

namespace fs = std::filesystem;
class Error;

/// The whole content. Throws Error where it cannot be read.
std::string read_file(const fs::path& path);
/// Nothing where there is no such file; Error where it cannot be read or seen: what fails
/// to be read is not absent.
std::optional<std::string> read_file_if_there(const fs::path& path);
/// Whether something is there; Error where that cannot be seen.
bool file_is_there(const fs::path& path);

/// Whether write_file waits until the disk has the file. Unsynced files may be torn after a power cut.
enum class Durability { synced, unsynced };

/// Replaces `path` by `bytes`, written beside it, synced, renamed: others see the old content or the new one,
/// whole, also after a power cut. On failure the old file stays, and Error says why (disk full, read-only,
/// ...). Links are followed; pipes and devices are written into (core/destination.hpp).
void write_file(const fs::path& path, std::string_view bytes, Durability durability = Durability::synced);
/// The same from pieces that follow each other.
void write_file(const fs::path& path, std::span<const std::string_view> pieces,
                Durability durability = Durability::synced);

/// Makes a folder and its parents; Error where that fails, for example because a file is in the way.
void make_folder(const fs::path& path);

/// Whether `name` is one that write_file uses for its unfinished files:
/// ".<name>.<process space>-<pid>-<n>.unfinished".
bool is_unfinished(const fs::path& name);

/// Whether the process has ended that made a file or folder with ".<process space>-<pid>-" in its name;
/// nothing where the name tells of none that could be seen from here.
std::optional<bool> maker_has_ended(const std::string& name);

/// Removes unfinished files in `folder` whose processes have ended: those of this process space,
/// and of others (other machines and containers, earlier boots) what nobody has written to for
/// an hour. Returns how many.
int remove_unfinished(const fs::path& folder);

/// This machine's name.
std::string host_name();

/// The processes among which a number names one: "<host>-<digest of the boot and the process namespace>".
/// Containers may share a host name, yet do not see each other's processes.
std::string process_space();

/// Why a system call on `path` failed, for people: "cannot write PATH: no space left on
/// the device (3 MB free). ..."
std::string file_problem(const std::string& action, const fs::path& path, int error);
/// The same as an error, with its cause (core/error.hpp).
Error file_error(const std::string& action, const fs::path& path, int error);
/// what(), and for errors of std::filesystem the same as a sentence.
std::string message_of(const std::exception& error);

/// A file that grows line by line. Lines are kept in memory until flush(), which hands them to the system;
/// sync() also waits until the disk has them. One writer at a time.
class AppendFile {
 public:
  /// Opens or creates. `size`: the file is first cut to so many bytes (npos: kept whole).
  explicit AppendFile(fs::path path, std::size_t size = npos);
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
  fs::path path_;
  int file_;
  std::size_t size_ = 0;
  std::string waiting_;
};

}  // namespace tubal
