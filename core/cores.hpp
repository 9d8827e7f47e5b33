// Which processor cores this process may use, and what its cgroups say of them and of memory.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace tubal {

struct AllowedCores {
  std::vector<int> cores;  // by affinity, ascending
  int count = 1;  // usable at once: the affinity's, or fewer by a cgroup's quota (rounded down, at least 1)
  std::string reason;  // "2 by affinity", "1 by the cgroup's quota of 1.5"
};

/// Affinity and every cgroup from this process's own up to the root, version 2 (cpu.max) and 1
/// (cpu.cfs_quota_us). `root` stands before /proc and /sys, for tests.
AllowedCores find_cores(const std::filesystem::path& root = "/");

/// Kills for want of memory in this process's cgroup so far; -1 where the system does not say.
long long memory_kills(const std::filesystem::path& root = "/");

}  // namespace tubal
