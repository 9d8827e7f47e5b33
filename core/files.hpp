// Whole files: read, and written aside and renamed. Errors name the path, the reason and the fix
// (core/file_error.hpp). Line by line: core/append_file.hpp.
#pragma once
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tubal {

namespace fs = std::filesystem;

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

}  // namespace tubal
