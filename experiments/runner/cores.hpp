// Who on this machine uses which of the allowed cores: jobs x threads never exceeds them.
#pragma once
#include <filesystem>
#include <vector>

#include "core/cores.hpp"

namespace tubal::runner {

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
