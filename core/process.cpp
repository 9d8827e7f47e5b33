#include "core/process.hpp"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <initializer_list>

#include "core/environment.hpp"

extern char** environ;

namespace tubal {

namespace fs = std::filesystem;

namespace {

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

// This process's environment with some of it replaced.
std::vector<std::string> merged(const std::vector<std::string>& ours) {
  std::vector<std::string> all;
  for (char** e = environ; *e; ++e) {
    const std::string given = *e, name = given.substr(0, given.find('=') + 1);
    bool replaced = false;
    for (const std::string& text : ours) replaced = replaced || text.starts_with(name);
    if (!replaced) all.push_back(given);
  }
  all.insert(all.end(), ours.begin(), ours.end());
  return all;
}

// Where $PATH leads: the first file that may be run, from the root where the child
// starts elsewhere; "" for none.
std::string found_program(const std::string& name) {
  std::error_code none;
  if (name.find('/') != name.npos) return fs::absolute(name, none).string();
  const std::string path = environment("PATH").value_or("/usr/local/bin:/usr/bin:/bin");
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find(':', at), path.size());
    const fs::path file = fs::absolute(fs::path(path.substr(at, end - at)) / name, none);
    if (fs::is_regular_file(file, none) && !::access(file.c_str(), X_OK)) return file.string();
    at = end + 1;
  }
  return "";
}

// A descriptor above those that the child's own will be, so that moving one does not overwrite another.
int above(int descriptor) { return descriptor < 0 ? -1 : ::fcntl(descriptor, F_DUPFD_CLOEXEC, 10); }

void move_to(int descriptor, int place) {
  if (descriptor >= 0) ::dup2(descriptor, place);
}

// In the child: only system calls.
[[noreturn]] void become(const char* program, char* const* argv, char* const* envp, const Launch& what,
                         const char* folder, const int (&files)[4], const cpu_set_t& cores, int parent,
                         int told) {
  const auto leave = [told](int problem) {
    if (told >= 0 && ::write(told, &problem, sizeof problem) < 0) ::_exit(126);
    ::_exit(127);
  };
  if (what.worker) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) ::_exit(75);
  }
  for (int s = 1; s < NSIG; ++s) {
    struct sigaction now {};
    // What a terminal or nohup told this process to ignore, a program beside it ignores too.
    const bool spared = !what.worker && (s == SIGHUP || s == SIGINT || s == SIGQUIT);
    if (spared && !::sigaction(s, nullptr, &now) && now.sa_handler == SIG_IGN) continue;
    if (s != SIGKILL && s != SIGSTOP) ::signal(s, SIG_DFL);
  }
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  if (!what.cores.empty()) ::sched_setaffinity(0, sizeof cores, &cores);
  for (int place = 0; place < 4; ++place) move_to(files[place], place);
  if (*folder && ::chdir(folder)) leave(errno);
  ::execve(program, argv, envp);
  leave(errno);
  ::_exit(127);
}

void close_all(std::initializer_list<int> files) {
  for (const int file : files)
    if (file >= 0) ::close(file);
}

}  // namespace

Launched launch(const Launch& what) {
  const std::string program = what.program.empty() ? found_program(what.words.at(0)) : what.program.string();
  const std::string folder = what.folder.string();
  if (program.empty()) return {-1, ENOENT};
  std::vector<std::string> words = what.words, environment = merged(what.environment);
  const auto argv = pointers(words), envp = pointers(environment);
  cpu_set_t cores;
  CPU_ZERO(&cores);
  for (const int core : what.cores)
    if (core < CPU_SETSIZE) CPU_SET(core, &cores);
  int told[2] = {-1, -1};  // the child's problem; closed by exec where there is none
  if (!what.worker && ::pipe2(told, O_CLOEXEC)) return {-1, errno};
  const int telling = above(told[1]), empty = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int files[4] = {above(empty), above(what.output), above(what.error), above(what.report)};
  const auto lacks = [&](int given, int mine) { return given >= 0 && mine < 0; };
  int pid = -1, problem = 0;
  if (lacks(told[1], telling) || lacks(empty, files[0]) || lacks(what.output, files[1]) ||
      lacks(what.error, files[2]) || lacks(what.report, files[3])) {
    problem = errno ? errno : EMFILE;
  } else {
    const int parent = ::getpid();
    pid = ::fork();
    problem = pid < 0 ? errno : 0;
    if (pid == 0)
      become(program.c_str(), argv.data(), envp.data(), what, folder.c_str(), files, cores, parent, telling);
  }
  close_all({telling, told[1], empty, files[0], files[1], files[2], files[3]});
  if (pid > 0 && what.worker) {
    ::setpgid(pid, pid);  // also here: it holds before the first signal to the group
  } else if (pid > 0) {
    ssize_t n = 0;
    do n = ::read(told[0], &problem, sizeof problem);
    while (n < 0 && errno == EINTR);
    if (n == static_cast<ssize_t>(sizeof problem)) {
      while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
      }
      pid = -1;
    }
  }
  close_all({told[0]});
  return {pid, problem};
}

Answer ask(const std::vector<std::string>& words, Hear hear, const fs::path& folder) {
  int ends[2];
  Answer answer;
  if (::pipe2(ends, O_CLOEXEC)) {
    answer.problem = errno;
    return answer;
  }
  const int nowhere = hear == Hear::both ? -1 : ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  Launch what{words, {}, folder, ends[1], hear == Hear::both ? ends[1] : nowhere, -1, {}, false};
  const Launched child = launch(what);
  close_all({ends[1], nowhere});
  answer.problem = child.problem;
  std::vector<char> piece(1 << 16);
  for (;;) {
    const ssize_t n = ::read(ends[0], piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    answer.text.append(piece.data(), static_cast<std::size_t>(n));
  }
  ::close(ends[0]);
  int status = 0;
  while (child.pid > 0 && ::waitpid(child.pid, &status, 0) < 0 && errno == EINTR) {
  }
  answer.status = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
  answer.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  while (!answer.text.empty() && answer.text.back() == '\n') answer.text.pop_back();
  return answer;
}

}  // namespace tubal
