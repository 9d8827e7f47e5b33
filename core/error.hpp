// Errors that teach: what was found, where, what is allowed, the likely fix.
#pragma once
#include <stdexcept>
#include <string>
#include <vector>

namespace tubal {

/// Exit statuses of the command (also of a trial's process).
enum class ExitStatus : int { done = 0, some_failed = 1, usage = 2, interrupted = 75 };

/// Any error that a user can act on. `what()` is one paragraph.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Wrong usage, configuration or input; the command ends with status 2. `what()` starts with "file:line: key:
/// " as far as they are known.
class UsageError : public Error {
 public:
  explicit UsageError(const std::string& message) : Error(message) {}
  UsageError(const std::string& file, int line, const std::string& key, const std::string& message);
};

/// "did you mean `x`?" when a name in `allowed` is close to `found` (edit distance at most 1/3 of its
/// length), else "".
std::string did_you_mean(const std::string& found, const std::vector<std::string>& allowed);

/// "a, b, c" for messages.
std::string join(const std::vector<std::string>& items, const std::string& separator = ", ");

}  // namespace tubal
