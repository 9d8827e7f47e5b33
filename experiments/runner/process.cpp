#include "experiments/runner/process.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "core/error.hpp"
#include "core/file_error.hpp"
#include "core/process.hpp"

namespace tubal::runner {

namespace {

constexpr const char* running =
    "/proc/self/exe";  // the file that this process runs, whatever its path names now

// Where another file has taken this program's place since it began (a new build), a study's trials are still
// of the program that began it: half of them by another one would compare two revisions, or fail.
std::filesystem::path file_of(const std::string& program) {
  std::error_code none;
  const bool ours = program == this_program();
  return ours && !std::filesystem::equivalent(program, running, none) ? running : "";
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
  const Launched child = launch(
      {spec.command, spec.environment, {}, log, log, ends[1], spec.cores, true, file_of(spec.command.at(0))});
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
      if (n == 0) {  // the writer is gone
        ::close(child.pipe);
        child.pipe = -1;
      }
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

std::string this_program() {
  std::string path = std::filesystem::read_symlink(running).string();
  constexpr std::string_view gone = " (deleted)";  // the system's word for a file that was replaced
  std::error_code none;
  if (path.ends_with(gone) && !std::filesystem::exists(path, none)) path.resize(path.size() - gone.size());
  return path;
}

}  // namespace tubal::runner
