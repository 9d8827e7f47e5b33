#include "experiments/runner/lease.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

#include "core/build_info.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "core/layout.hpp"

namespace tubal::runner {

namespace fs = std::filesystem;

unsigned long long process_start(int pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
  std::string text((std::istreambuf_iterator<char>(in)), {});
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

// An unreadable owner (a disk that lost it) has the token "unreadable" and can only expire.
LeaseOwner read_owner(const fs::path& file) {
  LeaseOwner o;
  o.token = "unreadable";
  std::ifstream in(file);
  const auto json = nlohmann::json::parse(in, nullptr, false);
  if (json.is_discarded() || !json.is_object()) return o;
  try {
    return {json.at("token"),   json.at("host"), json.at("boot"),        json.at("names"),
            json.at("started"), json.at("pid"),  json.at("start_ticks"), json.value("folder", 0ULL)};
  } catch (const nlohmann::json::exception&) {
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

std::optional<ChainEnd> chain_end(const layout::LeaseFolder& folder) {
  std::error_code none;
  if (!fs::exists(folder.lease(), none)) return std::nullopt;
  fs::path link = folder.lease();
  for (;;) {
    const fs::path owner = layout::LeaseFolder::owner(link);
    ChainEnd end{read_owner(owner), link, modified(owner)};
    const fs::path next = folder.taken(end.owner.token);
    if (next == link || !fs::exists(next, none)) return end;
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

}  // namespace

std::optional<LeaseView> look_at_lease(const fs::path& folder, double expiry) {
  const auto end = chain_end({folder});
  if (!end || end->beat == 0) return std::nullopt;
  const double age = std::max(0.0, seconds_since_1970() - end->beat);
  return LeaseView{end->owner, age, is_dead(end->owner, age, expiry, folder)};
}

std::optional<Lease> Lease::claim(const fs::path& folder, double expiry) {
  Lease mine(folder, this_process(inode(folder)));
  const layout::LeaseFolder place{folder};
  const fs::path lease = place.lease(), made = place.made(mine.owner_.token),
                 owner = layout::LeaseFolder::owner(made);
  const auto give_up = [&](std::error_code& none) {
    fs::remove_all(made, none);
    mine.folder_.clear();
    return std::nullopt;
  };
  std::error_code none;
  make_folder(made);
  try {
    write_file(owner, to_json(mine.owner_).dump() + "\n");
  } catch (...) {
    give_up(none);
    throw;
  }
  const double now = modified(owner);  // the file system's clock, not this machine's
  for (int attempt = 0; attempt < 8; ++attempt) {
    if (::rename(made.c_str(), lease.c_str()) == 0) return mine;
    const int error = errno;
    if (error != ENOTEMPTY && error != EEXIST) {
      give_up(none);
      throw file_error("claim", lease, error);
    }
    const auto end = chain_end(place);
    if (!end || end->beat == 0) continue;  // released meanwhile
    if (!is_dead(end->owner, now - end->beat, expiry, folder)) return give_up(none);
    const fs::path taken = place.taken(end->owner.token);
    if (::rename(made.c_str(), taken.c_str())) {
      if (errno == ENOENT) continue;
      return give_up(none);  // another one took over first
    }
    const auto now_end = chain_end(place);
    if (now_end && now_end->owner == mine.owner_) return mine;
    fs::remove_all(taken, none);  // the lease that was judged is gone; this is another's
    mine.folder_.clear();
    return std::nullopt;
  }
  return give_up(none);
}

Lease::Lease(Lease&& other) noexcept : folder_(std::move(other.folder_)), owner_(std::move(other.owner_)) {
  other.folder_.clear();
}

Lease::~Lease() { release(); }

bool Lease::heartbeat() {
  const auto end = folder_.empty() ? std::nullopt : chain_end({folder_});
  if (!end || !(end->owner == owner_)) return false;
  // A full disk does not stop it.
  ::utimensat(AT_FDCWD, layout::LeaseFolder::owner(end->link).c_str(), nullptr, 0);
  return true;
}

void Lease::release() {
  if (folder_.empty()) return;
  const layout::LeaseFolder place{folder_};
  const auto end = chain_end(place);
  std::error_code none;
  if (end && end->owner == owner_) {
    const fs::path aside = place.given_up(owner_.token);
    if (::rename(place.lease().c_str(), aside.c_str()) == 0) fs::remove_all(aside, none);
  }
  // What claimers killed half-way left behind.
  for (fs::directory_iterator i(folder_, none), last; i != last; i.increment(none)) {
    const std::string name = i->path().filename().string();
    if (layout::LeaseFolder::passing(name) &&
        modified(i->path()) + 10 * lease_expiry < seconds_since_1970()) {
      std::error_code ignored;
      fs::remove_all(i->path(), ignored);
    }
  }
  folder_.clear();
}

}  // namespace tubal::runner
