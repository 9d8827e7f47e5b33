#include "core/environment.hpp"

#include <cstdlib>

namespace tubal {

namespace fs = std::filesystem;

std::optional<std::string> environment(const char* name) {
  const char* value = std::getenv(name);
  if (!value || !*value) return std::nullopt;
  return value;
}

std::optional<fs::path> environment_folder(const char* name) {
  const auto value = environment(name);
  if (!value || !fs::path(*value).is_absolute()) return std::nullopt;
  return *value;
}

fs::path cache_folder() {
  if (const auto own = environment("TUBAL_CACHE")) return *own;
  if (const auto xdg = environment_folder("XDG_CACHE_HOME")) return *xdg / "tubal";
  if (const auto home = environment_folder("HOME")) return *home / ".cache" / "tubal";
  return environment_folder("TMPDIR").value_or("/tmp") / "tubal-cache";
}

}  // namespace tubal
