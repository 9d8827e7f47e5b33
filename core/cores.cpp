#include "core/cores.hpp"

#include <sched.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>

namespace tubal {

namespace fs = std::filesystem;

namespace {

// The cgroup folders of this process for a controller, its own first, then its parents. Version 2 has one
// hierarchy ("0::/path"); version 1 one a controller ("4:cpu,cpuacct:/path"). Inside a container the path may
// not exist below the mount, which then shows the container's own group at its root.
std::vector<fs::path> groups(const fs::path& root, const std::string& controller) {
  std::vector<fs::path> found;
  std::ifstream lines(root / "proc/self/cgroup");
  for (std::string line; std::getline(lines, line);) {
    const auto first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string names = "," + line.substr(first + 1, second - first - 1) + ",";
    const fs::path inside = fs::path(line.substr(second + 1)).relative_path();
    std::vector<fs::path> mounts;
    if (names == ",,")
      mounts = {root / "sys/fs/cgroup", root / "sys/fs/cgroup/unified"};
    else if (names.find("," + controller + ",") != std::string::npos)
      mounts = {root / "sys/fs/cgroup" / controller,
                root / "sys/fs/cgroup" / line.substr(first + 1, second - first - 1)};
    for (const fs::path& mount : mounts)
      for (fs::path p = inside;; p = p.parent_path()) {
        if (fs::exists(mount / p)) found.push_back(mount / p);
        if (p.empty()) break;
      }
  }
  return found;
}

std::string first_line(const fs::path& path) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  return line;
}

double cores_by_quota(const fs::path& group) {
  double quota = -1, period = -1;
  std::string text = first_line(group / "cpu.max");
  if (text.empty())
    text = first_line(group / "cpu.cfs_quota_us") + " " + first_line(group / "cpu.cfs_period_us");
  std::istringstream(text) >> quota >> period;  // "max 100000" leaves quota at 0
  return quota > 0 && period > 0 ? quota / period : std::numeric_limits<double>::infinity();
}

}  // namespace

AllowedCores find_cores(const fs::path& root) {
  AllowedCores allowed;
  // A set of 8192 cores is larger than any kernel's: sched_getaffinity refuses one that is too small.
  constexpr int most = 8192;
  cpu_set_t* set = CPU_ALLOC(most);
  CPU_ZERO_S(CPU_ALLOC_SIZE(most), set);
  if (!sched_getaffinity(0, CPU_ALLOC_SIZE(most), set))
    for (int core = 0; core < most; ++core)
      if (CPU_ISSET_S(core, CPU_ALLOC_SIZE(most), set)) allowed.cores.push_back(core);
  CPU_FREE(set);
  if (allowed.cores.empty()) allowed.cores = {0};
  allowed.count = static_cast<int>(allowed.cores.size());
  allowed.reason = std::to_string(allowed.count) + " by affinity";
  double quota = std::numeric_limits<double>::infinity();
  for (const fs::path& group : groups(root, "cpu")) quota = std::min(quota, cores_by_quota(group));
  if (quota < allowed.count) {
    allowed.count = std::max(1, static_cast<int>(std::floor(quota + 1e-6)));
    std::ostringstream text;
    text << allowed.count << " by the cgroup's quota of " << quota;
    allowed.reason = text.str();
  }
  return allowed;
}

long long memory_kills(const fs::path& root) {
  for (const fs::path& group : groups(root, "memory"))
    for (const char* file : {"memory.events", "memory.oom_control"}) {
      std::ifstream lines(group / file);
      std::string name;
      for (long long value; lines >> name >> value;)
        if (name == "oom_kill") return value;
    }
  return -1;
}

}  // namespace tubal
