// LD_PRELOAD: the n-th system call of a kind, counted over all processes of a run, fails as a disk or a
// network file system fails.
//   FAIL_ROOT=FOLDER   only calls on what lies below it count
//   FAIL_COUNT=FILE    8 bytes that the processes share: the calls so far
//   FAIL_CALLS=A,B     which: write fsync rename truncate create make mkdir link remove (what changes a disk;
//                      make: of a new file), open read stat, close
//   FAIL_AT=n          that call, from 1; FAIL_ON=1: and all after it
//   FAIL_ERRNO=number  the error
//   FAIL_HOW=half      a write puts half of its bytes down first
//   FAIL_HOW=after     the call is done, then reported as failed (close always is)
//   FAIL_HOLD=FILE     nothing fails: the process stops itself before the call, its number in that file
//                      (SIGCONT)
//   FAIL_LIST=FILE     appends "call file" for every call; fails nothing without FAIL_AT
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char* root;
static long long* counter;
static long long at;
static int on, error, half, after, list = -1;
static const char *calls, *hold;

__attribute__((constructor)) static void begin(void) {
  root = getenv("FAIL_ROOT"), calls = getenv("FAIL_CALLS");
  const char* file = getenv("FAIL_COUNT");
  if (!root || !calls || !file) {
    root = 0;
    return;
  }
  const int shared = (int)syscall(SYS_openat, AT_FDCWD, file, O_RDWR | O_CLOEXEC);
  counter = mmap(0, sizeof *counter, PROT_READ | PROT_WRITE, MAP_SHARED, shared, 0);
  if (counter == MAP_FAILED) abort();
  syscall(SYS_close, shared);
  const char *n = getenv("FAIL_AT"), *how = getenv("FAIL_HOW"), *e = getenv("FAIL_ERRNO"),
             *names = getenv("FAIL_LIST");
  at = n ? atoll(n) : 0, on = getenv("FAIL_ON") != 0, error = e ? atoi(e) : EIO;
  hold = getenv("FAIL_HOLD");
  half = how && !strcmp(how, "half"), after = how && !strcmp(how, "after");
  if (names)
    list = (int)syscall(SYS_openat, AT_FDCWD, names, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
}

static int named(const char* call) {
  const size_t length = strlen(call);
  for (const char* p = calls; (p = strstr(p, call)); p += length)
    if ((p == calls || p[-1] == ',') && (!p[length] || p[length] == ',')) return 1;
  return 0;
}

/* Whether this call is to fail. `path` is absolute, or starts at the present folder. */
static int due_at(const char* call, const char* path) {
  if (!root || !path || !named(call)) return 0;
  char whole[2 * PATH_MAX];
  if (path[0] != '/') {
    char here[PATH_MAX];
    if (syscall(SYS_getcwd, here, sizeof here) < 0) return 0;
    snprintf(whole, sizeof whole, "%s/%s", here, path);
    path = whole;
  }
  const size_t length = strlen(root);
  if (strncmp(path, root, length) || (path[length] && path[length] != '/')) return 0;
  const long long n = __atomic_add_fetch(counter, 1, __ATOMIC_SEQ_CST);
  if (list >= 0) {
    char line[2 * PATH_MAX];
    const int size = snprintf(line, sizeof line, "%lld %s %s\n", n, call, path + length);
    syscall(SYS_write, list, line, (size_t)size);
  }
  if (hold && n == at) {
    char line[32];
    const int mark = (int)syscall(SYS_openat, AT_FDCWD, hold, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    syscall(SYS_write, mark, line, (size_t)snprintf(line, sizeof line, "%d\n", (int)getpid()));
    syscall(SYS_close, mark);
    raise(SIGSTOP);
  }
  return !hold && at && (n == at || (on && n > at));
}

static int due(const char* call, int file) {
  if (!root || !named(call)) return 0;
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const long length = syscall(SYS_readlink, link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return due_at(call, path);
}

/* A file in an open folder. */
static int due_in(const char* call, int folder, const char* path) {
  if (!root || !path || path[0] == '/' || folder == AT_FDCWD) return due_at(call, path);
  char link[64], whole[2 * PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
  const long length = syscall(SYS_readlink, link, whole, PATH_MAX - 1);
  if (length <= 0) return 0;
  snprintf(whole + length, sizeof whole - (size_t)length, "/%s", path);
  return due_at(call, whole);
}

#define NEXT(name) __typeof__(&name) next = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

/* The call unless it is due; then the error, for FAIL_HOW=after once it is done. */
#define FAILING(type, name, parameters, is_due, ...) \
  type name parameters {                             \
    NEXT(name);                                      \
    if (!(is_due)) return next(__VA_ARGS__);         \
    if (after && next(__VA_ARGS__)) return (type)-1; \
    errno = error;                                   \
    return (type)-1;                                 \
  }

FAILING(int, fsync, (int file), due("fsync", file), file)
FAILING(int, fdatasync, (int file), due("fsync", file), file)
FAILING(int, rename, (const char* from, const char* to), due_at("rename", to), from, to)
FAILING(int, ftruncate, (int file, off_t size), due("truncate", file), file, size)
FAILING(int, ftruncate64, (int file, off64_t size), due("truncate", file), file, size)
FAILING(int, mkdir, (const char* path, mode_t mode), due_at("mkdir", path), path, mode)
FAILING(int, link, (const char* from, const char* to), due_at("link", to), from, to)
FAILING(int, symlink, (const char* from, const char* to), due_at("link", to), from, to)
FAILING(int, unlink, (const char* path), due_at("remove", path), path)
FAILING(int, remove, (const char* path), due_at("remove", path), path)
FAILING(int, rmdir, (const char* path), due_at("remove", path), path)
FAILING(int, unlinkat, (int folder, const char* path, int flags), due_in("remove", folder, path), folder,
        path, flags)
FAILING(int, stat, (const char* path, struct stat* about), due_at("stat", path), path, about)
FAILING(int, lstat, (const char* path, struct stat* about), due_at("stat", path), path, about)
FAILING(int, fstat, (int file, struct stat* about), due("stat", file), file, about)
FAILING(ssize_t, read, (int file, void* to, size_t size), due("read", file), file, to, size)
FAILING(ssize_t, pread, (int file, void* to, size_t size, off_t from), due("read", file), file, to, size,
        from)
FAILING(ssize_t, pread64, (int file, void* to, size_t size, off64_t from), due("read", file), file, to, size,
        from)
FAILING(ssize_t, pwrite, (int file, const void* from, size_t size, off_t to), due("write", file), file, from,
        size, to)
FAILING(ssize_t, pwrite64, (int file, const void* from, size_t size, off64_t to), due("write", file), file,
        from, size, to)

ssize_t write(int file, const void* from, size_t size) {
  NEXT(write);
  if (!due("write", file)) return next(file, from, size);
  if (half && size > 1) next(file, from, size / 2);
  errno = error;
  return -1;
}

int close(int file) {
  NEXT(close);
  const int fails = due("close", file);
  const int result = next(file);
  if (!fails) return result;
  errno = error;
  return -1;
}

DIR* opendir(const char* path) {
  NEXT(opendir);
  if (!due_at("open", path)) return next(path);
  errno = error;
  return 0;
}

static int open_as(int folder, const char* path, int flags, mode_t mode) {
  const char* call = flags & O_EXCL                                       ? "make"
                     : (flags & O_ACCMODE) != O_RDONLY || flags & O_CREAT ? "create"
                                                                          : "open";
  if (!due_in(call, folder, path)) return (int)syscall(SYS_openat, folder, path, flags, mode);
  if (after) {
    const int made = (int)syscall(SYS_openat, folder, path, flags, mode);
    if (made < 0) return -1;
    syscall(SYS_close, made);
  }
  errno = error;
  return -1;
}

#define OPENING(name, folder, parameters)      \
  int name parameters {                        \
    mode_t mode = 0;                           \
    if (flags & (O_CREAT | O_TMPFILE)) {       \
      va_list more;                            \
      va_start(more, flags);                   \
      mode = va_arg(more, mode_t);             \
      va_end(more);                            \
    }                                          \
    return open_as(folder, path, flags, mode); \
  }
OPENING(open, AT_FDCWD, (const char* path, int flags, ...))
OPENING(open64, AT_FDCWD, (const char* path, int flags, ...))
OPENING(openat, folder, (int folder, const char* path, int flags, ...))
OPENING(openat64, folder, (int folder, const char* path, int flags, ...))

#define STREAM(name)                                                                      \
  FILE* name(const char* path, const char* mode) {                                        \
    NEXT(name);                                                                           \
    if (!due_at(strpbrk(mode, "wa+") ? "create" : "open", path)) return next(path, mode); \
    errno = error;                                                                        \
    return 0;                                                                             \
  }
STREAM(fopen)
STREAM(fopen64)
