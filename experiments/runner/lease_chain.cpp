#include "experiments/runner/lease_chain.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <random>

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "core/process_space.hpp"

namespace tubal::runner {

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

nlohmann::ordered_json to_json(const LeaseOwner& o) {
  return {{"host", o.host}, {"pid", o.pid},     {"started", o.started}, {"start_ticks", o.start},
          {"boot", o.boot}, {"names", o.names}, {"token", o.token},     {"folder", o.folder}};
}

unsigned long long inode(const fs::path& folder) {
  struct stat about {};
  return ::stat(folder.c_str(), &about) ? 0 : static_cast<unsigned long long>(about.st_ino);
}

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

}  // namespace

LeaseOwner this_process(const fs::path& folder) {
  const int pid = ::getpid();
  return {new_token(),  host_name(), boot_id(),          process_namespace(),
          time_stamp(), pid,         process_start(pid), inode(folder)};
}

void write_owner(const fs::path& file, const LeaseOwner& owner) {
  write_file(file, to_json(owner).dump() + "\n");
}

double modified(const fs::path& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about)) return 0;
  return static_cast<double>(about.st_mtim.tv_sec) + 1e-9 * static_cast<double>(about.st_mtim.tv_nsec);
}

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

}  // namespace tubal::runner
