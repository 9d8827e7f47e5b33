// After a trial's process has ended: what killed it, written where the trial itself could not.
#pragma once
#include <string>
#include <vector>

#include "core/cause.hpp"
#include "core/layout.hpp"
#include "experiments/runner/process.hpp"

namespace tubal::runner {

/// Where the process ended without a final or interrupted status.json, writes `failed` with the signal or
/// exit status, its peak memory and, where `memory_kills_before` says so, that memory ran out. Nothing where
/// another process holds the trial by now. `memory_kills_before`: memory_kills() before it, or -1. `told`:
/// the cause that the process told before it ended (message.hpp), if it did. Returns why it failed where that
/// could not be written (full disk, read-only folder), else "".
std::string bury(const layout::TrialFolder& folder, const ChildEnd& end, long long& memory_kills_before,
                 Cause told = Cause::other);

/// The last lines of a log, at most `n`, each cut to 300 bytes.
std::vector<std::string> log_tail(const std::filesystem::path& log, std::size_t n);

/// Puts a damaged trial's files aside as *.damaged, so that it starts afresh. False where
/// another process holds it.
bool set_aside(const layout::TrialFolder& folder);

}  // namespace tubal::runner
