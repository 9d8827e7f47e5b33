// One child process a trial: started pinned, heard through a pipe, its end told with signal and peak memory.
#pragma once
#include <string>
#include <vector>

namespace tubal::runner {

struct ChildSpec {
  std::vector<std::string> command;      // the program's path first
  std::vector<std::string> environment;  // "NAME=value" on top of this process's
  std::string log;         // standard output and error are appended here; "": this process's own
  std::vector<int> cores;  // pinned to these; empty: unpinned
};

struct Child {
  int pid = -1;
  int pipe = -1;        // what the child writes to descriptor 3, not blocking
  std::string partial;  // a line not yet whole
};

/// Starts it in a process group of its own; it gets SIGTERM when this process dies. Throws Error.
Child start(const ChildSpec& spec);

/// Whole lines that the child wrote since the last call; never waits.
std::vector<std::string> read_lines(Child& child);

struct ChildEnd {
  int pid = -1, status = 0, signal = 0;  // exit status, or the signal that ended it
  double cpu_seconds = 0;
  double peak_memory = 0;  // bytes
};

/// A child of this process that has ended and was not told yet; pid is -1 where there is none. Never waits.
ChildEnd next_end();

/// This program's path; start() runs this very program for it, whatever is there by now.
std::string this_program();

}  // namespace tubal::runner
