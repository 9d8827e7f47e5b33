#include "transforms/plugin_trial.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>

#include "core/destination.hpp"
#include "core/environment.hpp"
#include "core/error.hpp"

namespace tubal {
namespace {

// What the child sends: a letter, a text, a NUL. S a stage, R a refusal, K all is well.
constexpr char stage = 'S', refusal = 'R', well = 'K';

rlim_t allowed_seconds() {
  const int seconds = std::atoi(environment("TUBAL_PLUGIN_SECONDS").value_or("20").c_str());
  return static_cast<rlim_t>(std::clamp(seconds, 1, 86400));
}

void send(int pipe, char kind, const char* text) { write_all(pipe, std::string(1, kind) + text + '\0'); }

[[noreturn]] void child(int pipe, rlim_t seconds, const std::function<void(const TellStage&)>& action) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const rlimit time{seconds, seconds + 1}, none{0, 0};
  ::setrlimit(RLIMIT_CPU, &time);
  ::setrlimit(RLIMIT_CORE, &none);
  for (const int number : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGXCPU, SIGTERM, SIGPIPE})
    ::signal(number, SIG_DFL);
  try {
    action([pipe](const char* text) { send(pipe, stage, text); });
    send(pipe, well, "");
  } catch (const std::exception& e) {
    send(pipe, refusal, e.what());
  } catch (...) {
    send(pipe, refusal, "something that is no std::exception was thrown");
  }
  ::_exit(0);  // no destructor, no flush: they are the parent's
}

struct Words {
  std::string stage = "it was started", refusal;
  bool well = false, refused = false;
};

Words understand(const std::string& bytes) {
  Words words;
  for (std::size_t at = 0, end; (end = bytes.find('\0', at)) != bytes.npos; at = end + 1) {
    const std::string text = bytes.substr(at + 1, end - at - 1);
    if (bytes[at] == stage) words.stage = text;
    if (bytes[at] == refusal) {
      words.refused = true;
      words.refusal = text;
    }
    if (bytes[at] == well) words.well = true;
  }
  return words;
}

// Reads until the child has ended or its time is over; false for the latter.
bool listen(int pipe, std::chrono::seconds limit, std::string& bytes) {
  const auto end = std::chrono::steady_clock::now() + limit;
  char piece[4096];
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
    if (left <= 0) return false;
    pollfd file{pipe, POLLIN, 0};
    if (::poll(&file, 1, static_cast<int>(std::min<long long>(left, 1000))) <= 0) continue;
    const ssize_t n = ::read(pipe, piece, sizeof piece);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return true;
    bytes.append(piece, static_cast<std::size_t>(n));
  }
}

// Seconds of processor time that a child has used so far.
double processor_seconds(pid_t pid) {
  clockid_t clock;
  timespec t{};
  if (::clock_getcpuclockid(pid, &clock) || ::clock_gettime(clock, &t)) return 0;
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

// A child that works goes on to its limit of processor time, however busy the machine is. One that waits,
// with less than a tenth of that limit used, ends after six times the limit by the clock: false.
bool ended_in_time(pid_t pid, int pipe, rlim_t seconds, std::string& bytes) {
  double before = 0;
  while (!listen(pipe, std::chrono::seconds(6 * seconds), bytes)) {
    const double used = processor_seconds(pid);
    if (used - before < 0.1 * static_cast<double>(seconds)) return false;
    before = used;
  }
  return true;
}

}  // namespace

void try_in_child(const std::filesystem::path& file, const std::function<void(const TellStage&)>& action) {
  const rlim_t seconds = allowed_seconds();
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC)) throw Error("cannot make a pipe: " + std::string(std::strerror(errno)));
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::close(ends[0]);
    child(ends[1], seconds, action);
  }
  const int problem = errno;
  ::close(ends[1]);
  std::string bytes;
  const bool ended = pid > 0 && ended_in_time(pid, ends[0], seconds, bytes);
  ::close(ends[0]);
  if (pid < 0)
    throw Error("cannot start the process in which " + file.string() +
                " is tried: " + std::strerror(problem));
  if (!ended) ::kill(pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  const Words words = understand(bytes);
  if (words.refused) throw UsageError(words.refusal);
  if (words.well) return;
  const int number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  // Past the soft limit SIGXCPU comes, past the hard one SIGKILL.
  if (!ended || number == SIGXCPU || number == SIGKILL)
    throw UsageError(
        file.string(), 0, "",
        "the plug-in did not come to an end while " + words.stage + ": " +
            (ended ? std::to_string(seconds) + " s of processor time" : std::to_string(6 * seconds) + " s") +
            " were allowed. Mend it, or allow more: TUBAL_PLUGIN_SECONDS=" + std::to_string(10 * seconds) +
            ".");
  throw UsageError(
      file.string(), 0, "",
      "the plug-in " +
          (number ? "crashed by signal " + std::to_string(number) + " (" + ::strsignal(number) + ")"
                  : "ended the process with exit status " + std::to_string(WEXITSTATUS(status))) +
          " while " + words.stage +
          (number == SIGBUS ? ": is the file whole? Build or copy it again." : "."));
}

}  // namespace tubal
