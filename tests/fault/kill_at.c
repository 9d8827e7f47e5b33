// LD_PRELOAD: SIGKILL at a chosen instant among the calls that change what a folder shows (rename, unlink,
// remove, rmdir, ftruncate); each has two instants, before and after it. Between two of them a reader sees
// the same.
//   KILL_WHO=run|trial|rebuild  which process: `tubal run`, `tubal trial FOLDER` or `tubal trial --rebuild`
//   KILL_AT=n                   the n-th instant of such a process, from 1
//   KILL_PARENT=1               its parent is killed first
//   KILL_LIST=FILE              appends "n call name" for every instant instead; kills nothing
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int meant(void) {
  static int known = -1;
  if (known < 0) {
    char line[4096] = {0};
    const int file = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    const ssize_t n = file < 0 ? 0 : read(file, line, sizeof line - 2);
    close(file);
    const char* verb = line + strlen(line) + 1;
    const char* next = verb + strlen(verb) + 1;
    const char* who = strcmp(verb, "trial") ? verb : strcmp(next, "--rebuild") ? "trial" : "rebuild";
    const char* wanted = getenv("KILL_WHO");
    known = n > 0 && wanted && !strcmp(who, wanted);
  }
  return known;
}

static void instant(const char* call, const char* path) {
  static int count = 0;
  if (!meant()) return;
  const int n = __atomic_add_fetch(&count, 1, __ATOMIC_SEQ_CST);
  const char* list = getenv("KILL_LIST");
  if (list) {
    char line[512];
    const char* slash = strrchr(path, '/');
    const int length = snprintf(line, sizeof line, "%d %s %s\n", n, call, slash ? slash + 1 : path);
    const int file = open(list, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (write(file, line, (size_t)length) != length) abort();
    close(file);
  } else if (getenv("KILL_AT") && n == atoi(getenv("KILL_AT"))) {
    if (getenv("KILL_PARENT")) kill(getppid(), SIGKILL);
    kill(getpid(), SIGKILL);
  }
}

#define AROUND(name, path, parameters, ...)              \
  int name parameters {                                  \
    static int(*next) parameters;                        \
    if (!next) *(void**)&next = dlsym(RTLD_NEXT, #name); \
    instant("before-" #name, path);                      \
    const int result = next(__VA_ARGS__);                \
    instant("after-" #name, path);                       \
    return result;                                       \
  }

AROUND(rename, to, (const char* from, const char* to), from, to)
AROUND(unlink, path, (const char* path), path)
AROUND(remove, path, (const char* path), path)
AROUND(rmdir, path, (const char* path), path)
AROUND(unlinkat, path, (int folder, const char* path, int flags), folder, path, flags)
AROUND(ftruncate, "", (int file, off_t size), file, size)
