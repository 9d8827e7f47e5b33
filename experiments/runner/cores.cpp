#include "experiments/runner/cores.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace tubal::runner {

namespace fs = std::filesystem;

CoreClaim::CoreClaim(CoreClaim&& other) noexcept
    : cores_(std::move(other.cores_)), locks_(std::move(other.locks_)) {
  other.locks_.clear();
}

CoreClaim& CoreClaim::operator=(CoreClaim&& other) noexcept {
  std::swap(cores_, other.cores_);
  std::swap(locks_, other.locks_);
  return *this;
}

CoreClaim::~CoreClaim() {
  for (const int file : locks_) ::close(file);
}

CoreClaim claim_cores(const AllowedCores& allowed, int n, const fs::path& folder) {
  const fs::path place = folder.empty() ? fs::path("/tmp/tubal-cores." + std::to_string(::getuid())) : folder;
  std::error_code none;
  fs::create_directories(place, none);
  CoreClaim claim;
  for (const int core : allowed.cores) {
    if (static_cast<int>(claim.cores_.size()) == n) break;
    const int file = ::open((place / std::to_string(core)).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) continue;
    if (::flock(file, LOCK_EX | LOCK_NB)) {
      ::close(file);
      continue;
    }
    claim.cores_.push_back(core);
    claim.locks_.push_back(file);
  }
  if (static_cast<int>(claim.cores_.size()) < n) return {};
  return claim;
}

}  // namespace tubal::runner
