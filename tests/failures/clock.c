/* LD_PRELOAD: the wall clock jumps, as a machine's does that is set by hand or by a time server. The clocks
 * that measure durations go on. CLOCK_JUMP=seconds   by so many, forwards or (negative) backwards
 *   CLOCK_AFTER=n        from the n-th look at it in each process on; 0: from the start
 *   CLOCK_SWING=1        and back again every n looks */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long jump(void) {
  static long by, after = -1, swing, looks;
  if (after < 0) {
    const char *j = getenv("CLOCK_JUMP"), *a = getenv("CLOCK_AFTER");
    by = j ? atol(j) : 0, swing = getenv("CLOCK_SWING") != 0, after = a ? atol(a) : 0;
  }
  const long n = __atomic_fetch_add(&looks, 1, __ATOMIC_SEQ_CST);
  return n < after || (swing && after && n / after % 2 == 0) ? 0 : by;
}

int clock_gettime(clockid_t clock, struct timespec* now) {
  const int result = (int)syscall(SYS_clock_gettime, clock, now);
  if (!result && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += jump();
  return result;
}

int gettimeofday(struct timeval* restrict now, void* restrict zone) {
  const int result = (int)syscall(SYS_gettimeofday, now, zone);
  if (!result) now->tv_sec += jump();
  return result;
}

time_t time(time_t* to) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (to) *to = now.tv_sec;
  return now.tv_sec;
}
