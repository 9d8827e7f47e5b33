// Starting other programs: the one launcher.
//
// By hand, with fork and exec: posix_spawn can neither pin a child to cores nor end it with its parent, and
// Boost.Process runs handlers that allocate between fork and exec, where a lock that one of OpenBLAS's or
// OpenMP's threads held stays held for ever. So all is made ready before the fork, and only system calls
// stand behind it. Limits (ulimit) are the parent's; signals are as a fresh program has them.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace tubal {

struct Launch {
  std::vector<std::string> words;        // the program first: a path, or a name that $PATH leads to
  std::vector<std::string> environment;  // "NAME=value" on top of this process's
  std::filesystem::path folder;          // where it starts; "": here
  int output = -1, error = -1;           // descriptors that become its 1 and 2; -1: this process's own
  int report = -1;                       // becomes its 3; -1: it has none of ours
  std::vector<int> cores;                // pinned to these; empty: unpinned
  /// A worker: in a process group of its own, with SIGTERM when this process dies, not with the
  /// signals that this one was told to ignore. It is not waited for until it has begun: one that
  /// cannot ends with status 127.
  bool worker = false;
  std::filesystem::path program = {};  // the file to run; "": where the first word leads
};

struct Launched {
  int pid = -1;
  int problem = 0;  // errno where it could not be started: ENOENT where there is no such program
};

/// Starts a program, whose input is empty. It has begun, or is known not to have, when this returns.
Launched launch(const Launch& what);

struct Answer {
  int problem = 0;             // as Launched has it
  int status = 0, signal = 0;  // exit status, or the signal that ended it
  std::string text;            // what it wrote, without line ends at its end
  bool good() const { return !problem && !status && !signal; }
};

/// Which of a program's outputs are heard; the other goes to /dev/null.
enum class Hear { output, both };

/// Runs a program to its end and hears what it says.
Answer ask(const std::vector<std::string>& words, Hear hear, const std::filesystem::path& folder = {});

}  // namespace tubal
