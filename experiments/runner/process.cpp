#include "experiments/runner/process.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/process.hpp"

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

Child start(const ChildSpec& spec) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC))
    throw Error("cannot make a pipe for a trial: " + std::string(std::strerror(errno)));
  int log = -1;
  if (!spec.log.empty()) {
    log = ::open(spec.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (log < 0) {
      const int error = errno;
      ::close(ends[0]);
      ::close(ends[1]);
      throw file_error("write", spec.log, error);
    }
  }
  const Launched child = launch({spec.command, spec.environment, {}, log, log, ends[1], spec.cores, true});
  ::close(ends[1]);
  if (log >= 0) ::close(log);
  if (child.pid < 0) {
    ::close(ends[0]);
    throw Error("cannot start a process for a trial: " + std::string(std::strerror(child.problem)));
  }
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return {child.pid, ends[0], ""};
}

std::vector<std::string> read_lines(Child& child) {
  char piece[4096];
  for (;;) {
    const ssize_t n = ::read(child.pipe, piece, sizeof piece);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      if (n == 0) {
        ::close(child.pipe);
        child.pipe = -1;
      }  // the writer is gone
      break;
    }
    child.partial.append(piece, static_cast<std::size_t>(n));
  }
  std::vector<std::string> lines;
  for (std::size_t end; (end = child.partial.find('\n')) != std::string::npos;
       child.partial.erase(0, end + 1))
    lines.push_back(child.partial.substr(0, end));
  return lines;
}

ChildEnd next_end() {
  int status = 0;
  rusage used{};
  const int pid = ::wait4(-1, &status, WNOHANG, &used);
  if (pid <= 0) return {};
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return {pid, WIFEXITED(status) ? WEXITSTATUS(status) : 0, WIFSIGNALED(status) ? WTERMSIG(status) : 0,
          seconds(used.ru_utime) + seconds(used.ru_stime), 1024.0 * static_cast<double>(used.ru_maxrss)};
}

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

std::string this_program() { return std::filesystem::read_symlink("/proc/self/exe").string(); }

}  // namespace tubal::runner
