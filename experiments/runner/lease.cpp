#include "experiments/runner/lease.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>
#include <utility>

#include "core/build_info.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "core/layout.hpp"

namespace tubal::runner {

namespace fs = std::filesystem;

unsigned long long process_start(int pid) {
  std::string text;
  std::getline(std::ifstream("/proc/" + std::to_string(pid) + "/stat"), text, '\0');
  const auto name_end = text.rfind(')');  // the name may hold anything, also ')'
  if (name_end == std::string::npos) return 0;
  std::istringstream fields(text.substr(name_end + 2));
  std::string field;
  std::string state;
  fields >> state;
  if (state == "Z" || state == "X") return 0;  // ended, not yet collected by its parent
  for (int i = 4; i <= 22; ++i) fields >> field;
  return std::strtoull(field.c_str(), nullptr, 10);
}

namespace {

// Unique over machines, processes and calls: 128 random bits.
std::string new_token() {
  static std::atomic<unsigned> calls{0};
  std::random_device random;
  char text[40];
  std::snprintf(text, sizeof text, "%08x%08x%08x%04x", random(), random(),
                random() ^ static_cast<unsigned>(::getpid()), calls++ & 0xffff);
  return text;
}

LeaseOwner this_process(unsigned long long folder) {
  return {new_token(),
          host_name(),
          boot_id(),
          process_namespace(),
          time_stamp(),
          ::getpid(),
          process_start(::getpid()),
          folder};
}

nlohmann::ordered_json to_json(const LeaseOwner& o) {
  return {{"host", o.host}, {"pid", o.pid},     {"started", o.started}, {"start_ticks", o.start},
          {"boot", o.boot}, {"names", o.names}, {"token", o.token},     {"folder", o.folder}};
}

unsigned long long inode(const fs::path& folder) {
  struct stat about {};
  return ::stat(folder.c_str(), &about) ? 0 : static_cast<unsigned long long>(about.st_ino);
}

constexpr const char* unreadable = "unreadable";

// Nothing where the file is not there or cannot be read. A device that fails once is asked again: an owner
// that did not know its own lease would keep it, and wait for itself.
std::optional<std::string> text_of_owner(const fs::path& file) {
  for (int attempt = 0; attempt < 3; ++attempt) {
    try {
      return read_file_if_there(file);
    } catch (const Error&) {
    }
  }
  return std::nullopt;
}

// An unreadable owner (a disk that lost it) has a token that says so and can only expire.
LeaseOwner read_owner(const fs::path& file) {
  LeaseOwner o;
  o.token = unreadable;
  try {
    const auto json = nlohmann::json::parse(text_of_owner(file).value_or(""));
    return {json.at("token"),   json.at("host"), json.at("boot"),        json.at("names"),
            json.at("started"), json.at("pid"),  json.at("start_ticks"), json.value("folder", 0ULL)};
  } catch (const std::exception&) {
    return o;
  }
}

double modified(const fs::path& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about)) return 0;
  return static_cast<double>(about.st_mtim.tv_sec) + 1e-9 * static_cast<double>(about.st_mtim.tv_nsec);
}

struct ChainEnd {
  LeaseOwner owner;
  fs::path link;    // folder of its owner.json
  double beat = 0;  // 0: the link vanished meanwhile
};

// Nothing where there is no lease; Error where that cannot be seen.
std::optional<ChainEnd> chain_end(const layout::LeaseFolder& folder) {
  if (!file_is_there(folder.lease())) return std::nullopt;
  fs::path link = folder.lease();
  for (;;) {
    const fs::path owner = layout::LeaseFolder::owner(link);
    ChainEnd end{read_owner(owner), link, modified(owner)};
    const fs::path next = folder.taken(end.owner.token);
    if (next == link || !file_is_there(next)) return end;
    link = next;
  }
}

// A lease that was copied with its folder is nobody's here: its owner works in the original.
bool is_dead(const LeaseOwner& owner, double age, double expiry, const fs::path& folder) {
  if (owner.folder && owner.folder != inode(folder)) return true;
  static const std::string boot = boot_id(), names = process_namespace();
  // The host's name proves nothing (containers, cloned machines); boot and process namespace do.
  if (owner.boot == boot && owner.names == names)
    return owner.start == 0 || process_start(owner.pid) != owner.start;
  return age > expiry;
}

// The heartbeat of a lease whose owner could not take it away: free.
constexpr double given_back = 1;

// In the name of what lies beside a lease: this process.
std::string maker(const std::string& token) {
  return token + "." + process_space() + "-" + std::to_string(::getpid());
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
    const auto ended = maker_has_ended(name);
    if (ended ? *ended : modified(i->path()) + 10 * lease_expiry < now) remove_folder(i->path());
  }
}

}  // namespace

std::optional<LeaseView> look_at_lease(const fs::path& folder, double expiry) {
  const auto end = chain_end({folder});
  if (!end || end->beat == 0) return std::nullopt;
  const double now = seconds_since_1970(), age = std::max(0.0, now - end->beat);
  // A beat from the future, when some clock was ahead, counts for nothing: claim() finds out.
  const double silent = now - end->beat < -expiry ? 2 * expiry : age;
  return LeaseView{end->owner, age, end->beat == given_back || is_dead(end->owner, silent, expiry, folder)};
}

std::optional<Lease> Lease::claim(const fs::path& folder, double expiry) {
  Lease mine(folder, this_process(inode(folder)));
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
    write_file(owner, to_json(mine.owner_).dump() + "\n");
  } catch (...) {
    give_up();
    throw;
  }
  const double now = modified(owner);  // the file system's clock, not this machine's
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
    if (now - end->beat < -expiry)
      ::utimensat(AT_FDCWD, layout::LeaseFolder::owner(end->link).c_str(), nullptr, 0);
    if (end->beat != given_back && !is_dead(end->owner, now - end->beat, expiry, folder)) return give_up();
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
  // A full disk does not stop it.
  ::utimensat(AT_FDCWD, layout::LeaseFolder::owner(end->link).c_str(), nullptr, 0);
  return true;
}

void Lease::release() {
  if (folder_.empty()) return;
  const layout::LeaseFolder place{std::exchange(folder_, {})};
  const fs::path lease = place.lease();
  try {
    const auto end = chain_end(place);
    if (end && end->owner == owner_) {
      const fs::path aside = place.given_up(maker(owner_.token));
      for (int attempt = 0; attempt < 3; ++attempt)
        if (::rename(lease.c_str(), aside.c_str()) == 0 || file_is_there(aside)) break;
      if (file_is_there(lease) &&
          !file_is_there(aside)) {  // it cannot be moved: nobody waits for this process
        const timespec mark[2] = {{static_cast<std::time_t>(given_back), 0},
                                  {static_cast<std::time_t>(given_back), 0}};
        ::utimensat(AT_FDCWD, layout::LeaseFolder::owner(end->link).c_str(), mark, 0);
      } else {
        remove_folder(aside);
      }
    }
    sweep(place.root);
  } catch (const std::exception&) {  // it stays, and is a dead one's once this process has ended
  }
}

}  // namespace tubal::runner
