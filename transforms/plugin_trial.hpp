// Foreign code is first run in a process of its own: what crashes or never ends there ends with an error. No
// program is started (core/process.hpp does that): the child is a copy of this process.
#pragma once
#include <filesystem>
#include <functional>
#include <string>

namespace tubal {

/// Tells how far the child has come, in words that follow "while": "it was loaded".
using TellStage = std::function<void(const char* stage)>;

/// Runs `action` in a child process; what it threw is thrown here as UsageError, and so is the child's death
/// by a signal and its going on past the limits, naming `file`, the signal and the stage. The limits are 20
/// seconds of processor time ($TUBAL_PLUGIN_SECONDS) and six times as many on the clock. Only what `action`
/// throws comes back: memory that it changed is the child's own.
void try_in_child(const std::filesystem::path& file, const std::function<void(const TellStage&)>& action);

}  // namespace tubal
