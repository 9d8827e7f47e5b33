#include "core/unfinished.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>

#include "core/process_space.hpp"

namespace tubal {

namespace fs = std::filesystem;

fs::path unfinished_beside(const fs::path& path) {
  static std::atomic<unsigned> counter{0};
  // The name is cut so that this one stays within a file system's 255 bytes.
  return path.parent_path() / ("." + path.filename().string().substr(0, 100) + "." + process_mark() + "-" +
                               std::to_string(counter++) + ".unfinished");
}

bool is_unfinished(const fs::path& name) {
  const std::string text = name.filename().string();
  return text[0] == '.' && name.extension() == ".unfinished";
}

std::optional<bool> maker_has_ended(const std::string& name) {
  const std::string here = "." + process_space() + "-";
  const std::size_t at = name.rfind(here);
  if (at == std::string::npos) return std::nullopt;
  return !process_is_alive(std::atoi(name.c_str() + at + here.size()));
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

}  // namespace tubal
