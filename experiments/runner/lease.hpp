// Who runs a trial: a lease, taken by one atomic rename, kept alive by a heartbeat, taken
// over once its owner is dead.
//
//   lease/owner.json               the first owner; the file's time is its heartbeat
//   lease/taken.<token>/owner.json whoever took over from the owner with that token (and so on, a chain)
//
// The present owner is the end of the chain. A lease is made complete under another name and renamed into
// place, so none is ever seen without its owner; renaming onto one that exists fails. Two that judge the same
// owner dead race for the same name `taken.<token>`; one whose view was stale finds that the chain does not
// reach its own token and leaves. On this machine an owner is dead when its process is (same boot, same
// process namespace, pid and start time); from elsewhere when its heartbeat is older than `expiry` by the
// file system's own clock. A heartbeat from the future (a clock was set back) is set to now by whoever wants
// the lease: a living owner beats again, a dead one is silent for `expiry` from then on. lease_chain.hpp
// reads and writes these files.
#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "experiments/runner/lease_chain.hpp"

namespace tubal::runner {

struct LeaseView {
  LeaseOwner owner;
  double age = 0;  // seconds since the last heartbeat
  bool dead = false;
};

inline constexpr double lease_expiry = 60, lease_heartbeat = 5;  // seconds

/// Owner of the lease in `folder`; nothing where it is free.
std::optional<LeaseView> look_at_lease(const std::filesystem::path& folder, double expiry = lease_expiry);

class Lease {
 public:
  /// Takes the lease of `folder` (which must exist) for this process; nothing where a living one holds it.
  /// Throws Error where the folder cannot be written.
  static std::optional<Lease> claim(const std::filesystem::path& folder, double expiry = lease_expiry);
  Lease(Lease&&) noexcept;
  Lease& operator=(Lease&&) = delete;
  ~Lease();  // releases

  /// Call every `lease_heartbeat` seconds. False: another one took over (this machine
  /// slept); write nothing more.
  bool heartbeat();
  void release();
  const LeaseOwner& owner() const { return owner_; }

 private:
  Lease(std::filesystem::path folder, LeaseOwner owner)
      : folder_(std::move(folder)), owner_(std::move(owner)) {}
  std::filesystem::path folder_;  // empty once released
  LeaseOwner owner_;
};

}  // namespace tubal::runner
