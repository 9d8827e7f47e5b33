// Which processor cores this process may use, and who on this machine uses which: jobs x threads never
// exceeds them.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace tubal::runner {

struct AllowedCores {
  std::vector<int> cores;  // by affinity, ascending
  int count = 1;  // usable at once: the affinity's, or fewer by a cgroup's quota (rounded down, at least 1)
  std::string reason;  // "2 by affinity", "1 by the cgroup's quota of 1.5"
};

/// Affinity and every cgroup from this process's own up to the root, version 2 (cpu.max) and 1
/// (cpu.cfs_quota_us). `root` stands before /proc and /sys, for tests.
AllowedCores allowed_cores(const std::filesystem::path& root = "/");

/// Kills for want of memory in this process's cgroup so far; -1 where the system does not say.
long long memory_kills(const std::filesystem::path& root = "/");

/// Cores taken by one trial. Other runners on this machine (of the same user) take others while this lives.
class CoreClaim {
 public:
  const std::vector<int>& cores() const { return cores_; }
  CoreClaim() = default;
  CoreClaim(CoreClaim&&) noexcept;
  CoreClaim& operator=(CoreClaim&&) noexcept;
  ~CoreClaim();

 private:
  friend CoreClaim claim_cores(const AllowedCores&, int, const std::filesystem::path&);
  std::vector<int> cores_, locks_;
};

/// `n` allowed cores that no other trial on this machine is pinned to. Empty where so many are not free: then
/// the trial runs unpinned on all allowed cores. `folder` holds a lock file a core (default:
/// /tmp/tubal-cores.<user id>).
CoreClaim claim_cores(const AllowedCores& allowed, int n, const std::filesystem::path& folder = {});

}  // namespace tubal::runner
