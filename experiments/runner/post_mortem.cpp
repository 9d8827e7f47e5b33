#include "experiments/runner/post_mortem.hpp"

#include <algorithm>
#include <fstream>

#include "core/error.hpp"
#include "core/file_error.hpp"
#include "core/files.hpp"
#include "core/text.hpp"
#include "experiments/runner/cores.hpp"
#include "experiments/runner/display.hpp"
#include "experiments/runner/lease.hpp"
#include "experiments/runner/signals.hpp"
#include "experiments/runner/view.hpp"

namespace tubal::runner {

std::string bury(const layout::TrialFolder& folder, const ChildEnd& end, long long& memory_kills_before,
                 Cause told) {
  std::string cause;
  try {
    if (!end.signal && is_final(view_trial(folder).state)) return "";  // it has said all itself
    const auto lease = Lease::claim(folder.root);
    if (!lease) return "";
    TrialStatus status;
    try {
      status = read_status(folder.root);
    } catch (const Error&) {  // the kill cannot tear it; damaged before: starts afresh
      return "";
    }
    if (status.state == TrialState::interrupted || (is_final(status.state) && !end.signal)) return "";
    if (is_final(status.state) && status.state != TrialState::failed) return "";
    const long long kills = memory_kills();
    const bool memory = end.signal == SIGKILL && memory_kills_before >= 0 && kills > memory_kills_before;
    memory_kills_before = kills;
    // A crash is the trial's own doing; kill, terminate and hang-up come from outside.
    const bool crash = end.signal && end.signal != SIGKILL && end.signal != SIGTERM && end.signal != SIGHUP &&
                       end.signal != SIGINT;
    const Cause kind = memory              ? Cause::memory
                       : crash             ? Cause::crashed
                       : end.signal        ? Cause::killed
                       : end.status == 127 ? Cause::not_started
                                           : told;
    cause = words(kind);
    if (memory)
      cause += ": the system ended the process";
    else if (end.signal)
      cause += " by " + signal_text(end.signal);
    else if (end.status != 127)
      cause = "ended with exit status " + std::to_string(end.status) + " without a result";
    cause += "; peak memory " + show_bytes(end.peak_memory);
    const auto tail = log_tail(folder.log(), 1);
    if (!tail.empty()) cause += "; last words: " + tail.back();
    status.state = TrialState::failed;
    status.cause = sentence(cause);
    // A process that crashes on its way out after an error has failed by that error.
    status.cause_kind = kind == Cause::crashed && told != Cause::other ? told : kind;
    status.peak_memory = std::max(std::isnan(status.peak_memory) ? 0.0 : status.peak_memory, end.peak_memory);
    write_status(folder.root, status);
  } catch (const std::exception& e) {
    const auto tail = log_tail(folder.log(), 1);
    if (cause.empty() && !tail.empty()) cause = tail.back();
    return cause + (cause.empty() ? "" : " ") + "(not recorded: " + message_of(e) + ")";
  }
  return "";
}

std::vector<std::string> log_tail(const std::filesystem::path& log, std::size_t n) {
  std::ifstream in(log, std::ios::binary);
  in.seekg(0, std::ios::end);
  const std::streamoff size = in.tellg();
  if (size <= 0) return {};
  in.seekg(std::max<std::streamoff>(0, size - 8192));
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    while (!line.empty() && std::isspace(static_cast<unsigned char>(line.back()))) line.pop_back();
    if (!line.empty()) lines.push_back(line.substr(0, 300));
  }
  if (lines.size() > n) lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(n));
  return lines;
}

bool set_aside(const layout::TrialFolder& folder) {
  const auto lease = Lease::claim(folder.root);
  if (!lease) return false;
  for (const fs::path& path :
       {folder.data(), folder.journal(), folder.checkpoint(), folder.model(), folder.status()}) {
    std::error_code none;
    if (fs::exists(path, none)) fs::rename(path, layout::damaged(path), none);
    if (none) throw file_error("rename", path, none.value());
  }
  return true;
}

}  // namespace tubal::runner
