#include "experiments/runner/view.hpp"

#include <sys/stat.h>

#include <cerrno>

#include "core/file_error.hpp"
#include "core/files.hpp"
#include "core/sha256.hpp"

namespace tubal::runner {

TrialView view_trial(const layout::TrialFolder& folder) {
  TrialView view;
  try {
    view.status = read_status(folder.root);
    view.state = view.status.state;
  } catch (const std::exception& e) {
    (about(cause_of(e)).outside ? view.unread : view.damage) = e.what();
    view.state = TrialState::planned;
  }
  if (is_final(view.state)) return view;
  try {
    view.lease = look_at_lease(folder.root);
  } catch (const Error& e) {
    view.unread = e.what();
  }
  const bool held = view.lease && !view.lease->dead;
  if (held)
    view.state = TrialState::running;
  else if (view.state == TrialState::running)
    view.state = TrialState::interrupted;
  return view;
}

bool from_outside(const TrialStatus& status) {
  return status.state == TrialState::failed && about(status.cause_kind).outside;
}

std::string damage_of(const layout::TrialFolder& folder, const TrialStatus& status) {
  struct stat sealed {
  }, file{};
  const auto gone = [](const fs::path& path) {  // what cannot be seen is not missing
    if (errno != ENOENT && errno != ENOTDIR) throw file_error("look at", path, errno);
    return path.filename().string() + " is missing";
  };
  if (::stat(folder.status().c_str(), &sealed)) return gone(folder.status());
  for (const auto& [name, digest] : status.files) {
    const fs::path path = folder.root / name;
    if (::stat(path.c_str(), &file)) return gone(path);
    const bool changed =
        file.st_mtim.tv_sec > sealed.st_mtim.tv_sec ||
        (file.st_mtim.tv_sec == sealed.st_mtim.tv_sec && file.st_mtim.tv_nsec > sealed.st_mtim.tv_nsec);
    if (changed && sha256_file(path) != digest)
      return name + " is damaged: its SHA-256 is not the one in status.json";
  }
  return "";
}

void Tally::add(TrialState state) {
  ++total;
  switch (state) {
    case TrialState::complete:
      ++complete;
      break;
    case TrialState::failed:
      ++failed;
      break;
    case TrialState::diverged:
      ++diverged;
      break;
    case TrialState::stopped:
      ++stopped;
      break;
    case TrialState::running:
      ++running;
      break;
    case TrialState::interrupted:
      ++interrupted;
      break;
    case TrialState::planned:
      ++planned;
      break;
  }
}

std::string Tally::text() const {
  std::string out;
  const auto part = [&](int n, const char* word) {
    if (n) out += (out.empty() ? "" : ", ") + std::to_string(n) + " " + word;
  };
  part(complete, "complete");
  part(stopped, "stopped early");
  part(failed, "failed");
  part(diverged, "diverged");
  part(running, "running");
  part(interrupted, "interrupted");
  part(planned, "planned");
  return out.empty() ? "no trials" : out;
}

std::string state_text(const TrialView& view) {
  if (!view.trouble().empty()) return view.unread.empty() ? "damaged" : "unreadable";
  return name(view.state);
}

}  // namespace tubal::runner
