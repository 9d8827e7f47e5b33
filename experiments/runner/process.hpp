// One child process a trial: started pinned, watched through a pipe, its end told
// with signal and peak memory.
#pragma once
#include <csignal>
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

/// "signal 11 (segmentation fault)".
std::string signal_text(int signal);

/// Until a Signals object takes over: SIGINT, SIGTERM and SIGHUP end this process at once with this exit
/// status. For the time in which nothing runs yet and every file is written aside and renamed.
void end_on_signals(int exit_status);

/// Signals as a file descriptor to poll. Handlers only write the signal's number into a pipe, so a library's
/// threads may take them too. A SIGHUP that is ignored stays so (nohup). One at a time.
class Signals {
 public:
  explicit Signals(std::vector<int> numbers);
  ~Signals();
  int descriptor() const { return read_; }
  std::vector<int> pending();  // never waits

 private:
  std::vector<int> numbers_;
  std::vector<struct sigaction> before_;
  int read_ = -1;
};

/// This program's file, for starting itself again.
std::string this_program();

}  // namespace tubal::runner
