// Where bytes that are written to a path go: through links, into pipes and devices, or to a file.
#pragma once
#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string_view>

namespace tubal {

/// What a path leads to, links followed.
struct Destination {
  enum class Kind {
    file,    // a regular file, or none yet: replaced as a whole
    stream,  // a pipe, a device, a terminal, an open descriptor (/dev/stdout): written into as it is
  };
  Kind kind = Kind::file;
  std::filesystem::path path;  // what is replaced or opened; no link where kind is file
  int descriptor = -1;         // of this process, where the path names one (/dev/fd/3)
  std::optional<mode_t> mode;  // permissions of the file that is there
  std::optional<uid_t> owner;  // and whose it is
  std::optional<gid_t> group;
};

/// Looks at `path`. Throws Error where nothing can be written: a folder, a link that leads in a circle or
/// into a folder that does not exist.
Destination destination(const std::filesystem::path& path);

/// Refuses, before any work is done, an output file that cannot be written: what destination() refuses, and
/// a folder that does not exist. Throws UsageError; `option` is named in it ("--output").
void require_writable(const std::filesystem::path& path, const char* option);

/// Whether what is written to `path` goes to this process's standard output: then messages must not.
bool is_standard_output(const std::filesystem::path& path);

/// Writes all of `bytes` to a descriptor: interrupted, short and would-block writes go on. 0 or errno.
int write_all(int descriptor, std::string_view bytes);

/// Writes into a pipe, device or descriptor. 0 or errno.
int write_stream(const Destination& to, std::string_view bytes);

}  // namespace tubal
