// Files that are written aside before they are renamed into place: how they are called, and what becomes of
// those whose process was killed.
#pragma once
#include <filesystem>
#include <optional>
#include <string>

namespace tubal {

/// A name beside `path` that no other process and no other call takes:
/// ".<name>.<process space>-<pid>-<n>.unfinished".
std::filesystem::path unfinished_beside(const std::filesystem::path& path);

/// Whether `name` is such a one.
bool is_unfinished(const std::filesystem::path& name);

/// Whether the process has ended that made a file or folder with ".<process space>-<pid>" (process_mark()) in
/// its name; nothing where the name tells of none that could be seen from here.
std::optional<bool> maker_has_ended(const std::string& name);

/// Removes unfinished files in `folder` whose processes have ended: those of this process space,
/// and of others (other machines and containers, earlier boots) what nobody has written to for
/// an hour. Returns how many.
int remove_unfinished(const std::filesystem::path& folder);

}  // namespace tubal
