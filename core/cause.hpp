// Why something failed, as a type: what decides asks the cause, never the words of a message.
#pragma once
#include <cstddef>
#include <string>

namespace tubal {

/// Set where the error is thrown (core/error.hpp), recorded in status.json by its name.
enum class Cause {
  none,   // nothing failed
  other,  // none of the others, as far as is known: the work's own doing
  no_space,
  quota,
  read_only,
  denied,
  device,
  changed,
  other_build,
  killed,
  crashed,
  memory,
  not_started,
  not_finite
};

/// `outside`: what hindered the work lies outside it, so the same work may succeed another time.
struct CauseEntry {
  Cause cause;
  const char* name;   // in files
  const char* words;  // in messages
  bool outside;
};

/// The one table of causes, in the order of the enumerators.
inline constexpr CauseEntry cause_table[] = {
    {Cause::none, "none", "nothing failed", false},
    {Cause::other, "other", "it failed by itself", false},
    {Cause::no_space, "no_space", "no space left on the device", true},
    {Cause::quota, "quota", "the disk quota is used up", true},
    {Cause::read_only, "read_only", "the file system is read-only", true},
    {Cause::denied, "denied", "permission denied", true},
    {Cause::device, "device", "the device or file server failed", true},
    {Cause::changed, "changed", "changed since the trial was planned", true},
    {Cause::other_build, "other_build", "the checkpoint was made by another build", true},
    {Cause::killed, "killed", "killed", true},
    {Cause::crashed, "crashed", "crashed", false},
    {Cause::memory, "memory", "out of memory", false},
    {Cause::not_started, "not_started", "the program could not be started", false},
    {Cause::not_finite, "not_finite", "was not finite", false},
};

constexpr const CauseEntry& about(Cause cause) { return cause_table[static_cast<std::size_t>(cause)]; }
inline const char* name(Cause cause) { return about(cause).name; }
inline std::string words(Cause cause) { return about(cause).words; }

/// A name that the table lacks, such as one of a later version, is `other`.
Cause cause_named(const std::string& name);

/// Of a failed system call.
Cause cause_of(int error_number);

}  // namespace tubal
