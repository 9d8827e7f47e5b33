#include "experiments/runner/lease.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <set>
#include <utility>

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/file_error.hpp"
#include "core/files.hpp"
#include "core/layout.hpp"
#include "core/process_space.hpp"
#include "core/unfinished.hpp"

namespace tubal::runner {

namespace fs = std::filesystem;

namespace {

// The heartbeat of a lease whose owner could not take it away: free.
constexpr double given_back = 1;

// In the name of what lies beside a lease: this process.
std::string maker(const std::string& token) { return token + "." + process_mark(); }

// Sets an owner's heartbeat: to now, or to some moment. A full disk does not stop it.
void beat(const fs::path& link, const timespec* moments = nullptr) {
  ::utimensat(AT_FDCWD, layout::LeaseFolder::owner(link).c_str(), moments, 0);
}

void remove_folder(const fs::path& path) {
  std::error_code failed;
  for (int attempt = 0; attempt < 2; ++attempt)
    if (fs::remove_all(path, failed); !failed) return;
}

// What claimers killed half-way left behind. Of those that cannot be seen from here the age decides, by this
// clock and by the file system's.
void sweep(const fs::path& folder) {
  std::error_code none;
  const double now = std::min(seconds_since_1970(), modified(folder));
  for (fs::directory_iterator i(folder, none), last; i != last; i.increment(none)) {
    const std::string name = i->path().filename().string();
    if (!layout::LeaseFolder::passing(name)) continue;
    if (layout::LeaseFolder::given_back(name)) {  // nobody's, whoever could not take it away
      remove_folder(i->path());
      continue;
    }
    const auto ended = maker_has_ended(name);
    if (ended ? *ended : modified(i->path()) + 10 * lease_expiry < now) remove_folder(i->path());
  }
}

// Tokens that this process has given back. Where a file server let it not take its own lease away, it must
// not wait for itself.
class GivenBack {
 public:
  void add(const std::string& token) {
    const std::lock_guard lock(mutex_);
    tokens_.insert(token);
  }
  bool has(const std::string& token) {
    const std::lock_guard lock(mutex_);
    return tokens_.contains(token);
  }

 private:
  std::mutex mutex_;
  std::set<std::string> tokens_;
};
GivenBack& given_back_here() {
  static GivenBack tokens;
  return tokens;
}

bool is_free(const ChainEnd& end, double silent, double expiry, const fs::path& folder) {
  return end.beat == given_back || given_back_here().has(end.owner.token) ||
         is_dead(end.owner, silent, expiry, folder);
}

}  // namespace

std::optional<LeaseView> look_at_lease(const fs::path& folder, double expiry) {
  const auto end = chain_end({folder});
  if (!end || end->beat == 0) return std::nullopt;
  const double now = seconds_since_1970(), age = std::max(0.0, now - end->beat);
  // A beat from the future, when some clock was ahead, counts for nothing: claim() finds out.
  const double silent = now - end->beat < -expiry ? 2 * expiry : age;
  return LeaseView{end->owner, age, is_free(*end, silent, expiry, folder)};
}

std::optional<Lease> Lease::claim(const fs::path& folder, double expiry) {
  Lease mine(folder, this_process(folder));
  const layout::LeaseFolder place{folder};
  const fs::path lease = place.lease(), made = place.made(maker(mine.owner_.token)),
                 owner = layout::LeaseFolder::owner(made);
  const auto give_up = [&] {
    remove_folder(made);
    mine.folder_.clear();
    return std::nullopt;
  };
  const auto is_mine = [&] {
    const auto end = chain_end(place);
    return end && end->owner == mine.owner_;
  };
  make_folder(made);
  try {
    write_owner(owner, mine.owner_);
  } catch (...) {
    give_up();
    throw;
  }
  const double now = modified(owner);  // the file system's clock, not this machine's
  try {
    for (int attempt = 0; attempt < 8; ++attempt) {
      if (::rename(made.c_str(), lease.c_str()) == 0) return mine;
      const int error = errno;
      if (error != ENOTEMPTY && error != EEXIST) {
        if (is_mine()) return mine;  // done, though the file server's answer says otherwise
        give_up();
        throw file_error("claim", lease, error);
      }
      const auto end = chain_end(place);
      if (!end || end->beat == 0) continue;  // released meanwhile
      // Beaten when some clock was ahead: it counts from now on. Whoever lives beats again.
      if (now - end->beat < -expiry) beat(end->link);
      if (!is_free(*end, now - end->beat, expiry, folder)) return give_up();
      const fs::path taken = place.taken(end->owner.token);
      const bool moved = ::rename(made.c_str(), taken.c_str()) == 0;
      const bool gone = !moved && errno == ENOENT;
      if (is_mine()) return mine;
      if (gone) continue;
      if (!moved) return give_up();  // another one took over first
      remove_folder(taken);          // the lease that was judged is gone; this is another's
      mine.folder_.clear();
      return std::nullopt;
    }
  } catch (...) {  // it may be ours by now, and is released as it goes out of scope
    remove_folder(made);
    throw;
  }
  return give_up();
}

Lease::Lease(Lease&& other) noexcept : folder_(std::move(other.folder_)), owner_(std::move(other.owner_)) {
  other.folder_.clear();
}

Lease::~Lease() { release(); }

bool Lease::heartbeat() {
  std::optional<ChainEnd> end;
  try {
    if (!folder_.empty()) end = chain_end({folder_});
  } catch (const Error&) {  // it cannot be seen now, which takes it from nobody: the next beat looks again
    return true;
  }
  if (end && end->owner.token == unreadable) return true;
  if (!end || !(end->owner == owner_)) return false;
  beat(end->link);
  return true;
}

void Lease::release() {
  if (folder_.empty()) return;
  const layout::LeaseFolder place{std::exchange(folder_, {})};
  const fs::path lease = place.lease(), aside = place.given_up(maker(owner_.token));
  given_back_here().add(owner_.token);
  constexpr int attempts = 3;  // what a file server refuses once, it may do the next time
  for (int attempt = 1; attempt <= attempts; ++attempt) try {
      const auto end = chain_end(place);
      if (!end || !(end->owner == owner_)) break;
      if (::rename(lease.c_str(), aside.c_str()) == 0 || file_is_there(aside)) break;
      const timespec moment = {static_cast<std::time_t>(given_back), 0}, both[2] = {moment, moment};
      if (attempt == attempts) beat(end->link, both);  // it stays, and nobody waits for this process
    } catch (const std::exception&) {                  // it cannot be seen now
    }
  remove_folder(aside);
  try {
    sweep(place.root);
  } catch (const std::exception&) {  // the next claimant's matter
  }
}

}  // namespace tubal::runner
