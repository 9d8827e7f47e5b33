// Errors that teach: what was found, where, what is allowed, the likely fix.
#pragma once
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/cause.hpp"

namespace tubal {

/// Exit statuses of the command (also of a trial's process).
enum class ExitStatus : int { done = 0, some_failed = 1, usage = 2, interrupted = 75 };

/// Any error that a user can act on. `what()` is one paragraph, for people alone: code asks cause(). Who
/// catches one and throws another hands the cause on.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message, Cause cause = Cause::other)
      : std::runtime_error(message), cause_(cause) {}
  Cause cause() const noexcept { return cause_; }

 private:
  Cause cause_;
};

/// Also of exceptions that are no Error: those of the standard library for memory and for system calls.
Cause cause_of(const std::exception& error) noexcept;

/// Wrong usage, configuration or input; the command ends with status 2. `what()` starts with "file:line: key:
/// " as far as they are known.
class UsageError : public Error {
 public:
  explicit UsageError(const std::string& message, Cause cause = Cause::other)
      : Error(message, cause), reason_(message) {}
  UsageError(const std::string& file, int line, const std::string& key, const std::string& message,
             Cause cause = Cause::other);
  /// What what() is made of; "" where it is not known.
  const std::string& file() const noexcept { return file_; }
  const std::string& key() const noexcept { return key_; }
  const std::string& reason() const noexcept { return reason_; }  // the message without its place

 private:
  std::string file_, key_, reason_;
};

/// The name in `allowed` that is close to `found` (edit distance at most 1/3 of its length), else "".
std::string nearest(const std::string& found, const std::vector<std::string>& allowed);
/// "did you mean `x`?" where there is one, else "".
std::string did_you_mean(const std::string& found, const std::vector<std::string>& allowed);

/// "a, b, c" for messages.
std::string join(const std::vector<std::string>& items, const std::string& separator = ", ");

}  // namespace tubal
