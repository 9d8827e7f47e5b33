#include "core/process_space.hpp"

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "core/sha256.hpp"

namespace tubal {

namespace {

// What /proc tells of a process. Nothing where it cannot be read.
struct ProcessStat {
  char state = 0;
  unsigned long long start = 0;  // clock ticks after the boot
  // A zombie writes no more; where process 1 collects none (containers) it may stay for long.
  bool ended() const { return state == 'Z' || state == 'X'; }
};

std::optional<ProcessStat> stat_of(int pid) {
  std::string text;
  std::getline(std::ifstream("/proc/" + std::to_string(pid) + "/stat"), text, '\0');
  const auto name_end = text.rfind(')');  // the name may hold anything, also ')'
  if (name_end == std::string::npos || name_end + 2 >= text.size()) return std::nullopt;
  std::istringstream fields(text.substr(name_end + 2));
  ProcessStat stat;
  std::string field;
  fields >> stat.state;
  constexpr int second_behind_state = 4, start_time = 22;  // fields as proc(5) numbers them
  for (int i = second_behind_state; i <= start_time; ++i) fields >> field;
  stat.start = std::strtoull(field.c_str(), nullptr, 10);
  return stat;
}

}  // namespace

std::string host_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) || !name[0] ? "localhost" : name;
}

std::string boot_id() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(file, id);
  return id;
}

std::string process_namespace() {
  std::error_code none;
  return std::filesystem::read_symlink("/proc/self/ns/pid", none).string();
}

std::string process_space() {
  static const std::string text = host_name() + "-" + sha256(boot_id() + process_namespace()).substr(0, 8);
  return text;
}

std::string process_mark() { return process_space() + "-" + std::to_string(::getpid()); }

unsigned long long process_start(int pid) {
  const auto stat = stat_of(pid);
  return stat && !stat->ended() ? stat->start : 0;
}

bool process_is_alive(int pid) {
  if (pid <= 0 || (::kill(pid, 0) && errno != EPERM)) return false;
  const auto stat = stat_of(pid);
  return !stat || !stat->ended();
}

}  // namespace tubal
