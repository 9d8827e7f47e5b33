// Environment variables: an empty one counts as unset everywhere.
#pragma once
#include <filesystem>
#include <optional>
#include <string>

namespace tubal {

/// Its value; nothing where it is unset or empty.
std::optional<std::string> environment(const char* name);

/// The folder that a variable of the system names (HOME, XDG_CACHE_HOME, TMPDIR). A relative path is passed
/// over, as the XDG base directory specification wants it: what is kept must not depend on the folder in
/// which a command was started.
std::optional<std::filesystem::path> environment_folder(const char* name);

/// Where caches belong: $TUBAL_CACHE (also relative: it is this program's own), else $XDG_CACHE_HOME/tubal,
/// else $HOME/.cache/tubal, else tubal-cache in $TMPDIR or /tmp.
std::filesystem::path cache_folder();

}  // namespace tubal
