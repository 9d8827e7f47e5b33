// The files of a lease (lease.hpp says what they mean): who owns it, how long ago the owner's heart beat,
// and whether the owner is dead.
#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "core/layout.hpp"

namespace tubal::runner {

struct LeaseOwner {
  std::string token, host, boot, names, started;  // names: the process namespace, in which the pid counts
  int pid = 0;
  unsigned long long start = 0;   // the process's start, in clock ticks after the boot
  unsigned long long folder = 0;  // inode of the folder that it is for; 0: not told (an earlier tubal)
  bool operator==(const LeaseOwner&) const = default;
};

/// An owner whose file cannot be read (a disk that lost it) has this token, and can only expire.
inline constexpr const char* unreadable = "unreadable";

/// This process as the owner of the lease in `folder`, with a new token.
LeaseOwner this_process(const std::filesystem::path& folder);
/// Writes owner.json. Throws Error.
void write_owner(const std::filesystem::path& file, const LeaseOwner& owner);

struct ChainEnd {
  LeaseOwner owner;
  std::filesystem::path link;  // folder of its owner.json
  double beat = 0;  // seconds since 1970 by the file system's clock; 0: the link vanished meanwhile
};
/// Nothing where there is no lease; Error where that cannot be seen.
std::optional<ChainEnd> chain_end(const layout::LeaseFolder& folder);

/// Whether the owner of the lease in `folder` is dead, silent for `age` seconds.
bool is_dead(const LeaseOwner& owner, double age, double expiry, const std::filesystem::path& folder);

/// When it was last changed, seconds since 1970 by the file system's clock; 0 where it is not there.
double modified(const std::filesystem::path& path);

}  // namespace tubal::runner
