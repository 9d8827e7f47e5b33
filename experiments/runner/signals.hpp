// Signals to a runner: as words, as an end, and as a file descriptor to poll.
#pragma once
#include <csignal>
#include <string>
#include <vector>

namespace tubal::runner {

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

}  // namespace tubal::runner
