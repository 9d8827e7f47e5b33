#include "experiments/runner/signals.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <cstring>

#include "core/error.hpp"

namespace tubal::runner {

namespace {

int signal_pipe = -1;  // written by the handler

void note_signal(int number) {
  const int saved = errno;
  const unsigned char byte = static_cast<unsigned char>(number);
  [[maybe_unused]] const ssize_t n = ::write(signal_pipe, &byte, 1);
  errno = saved;
}

}  // namespace

std::string signal_text(int signal) {
  std::string name = ::strsignal(signal);
  if (!name.empty()) name[0] = static_cast<char>(std::tolower(name[0]));
  return "signal " + std::to_string(signal) + " (" + name + ")";
}

void end_on_signals(int exit_status) {
  static int status;
  status = exit_status;
  for (const int number : {SIGINT, SIGTERM, SIGHUP})
    if (::signal(number, [](int) { ::_exit(status); }) == SIG_IGN && number == SIGHUP)
      ::signal(number, SIG_IGN);
}

Signals::Signals(std::vector<int> numbers) : numbers_(std::move(numbers)) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK))
    throw Error("cannot make a pipe for signals: " + std::string(std::strerror(errno)));
  read_ = ends[0];
  signal_pipe = ends[1];
  before_.resize(numbers_.size());
  struct sigaction action {};
  action.sa_handler = note_signal;
  action.sa_flags = SA_RESTART;
  sigfillset(&action.sa_mask);
  for (std::size_t i = 0; i < numbers_.size(); ++i) {
    ::sigaction(numbers_[i], &action, &before_[i]);
    if (numbers_[i] == SIGHUP && before_[i].sa_handler == SIG_IGN) ::sigaction(SIGHUP, &before_[i], nullptr);
  }
}

Signals::~Signals() {
  for (std::size_t i = 0; i < numbers_.size(); ++i) ::sigaction(numbers_[i], &before_[i], nullptr);
  ::close(read_);
  ::close(signal_pipe);
  signal_pipe = -1;
}

std::vector<int> Signals::pending() {
  std::vector<int> out;
  unsigned char byte = 0;
  while (::read(read_, &byte, 1) == 1) out.push_back(byte);
  return out;
}

}  // namespace tubal::runner
