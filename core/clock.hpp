// The clocks: times for people, for files and for measuring.
#pragma once
#include <chrono>
#include <ctime>
#include <string>

namespace tubal {

/// Now, ISO 8601, UTC: 2026-03-09T12:00:00Z.
inline std::string time_stamp() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

/// Seconds since 1970 by the system's clock, which may be set: for comparing with the times of files.
inline double seconds_since_1970() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// Seconds of processor that this process has had, all threads together.
inline double processor_seconds_now() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

/// Seconds since some fixed moment; never runs backwards.
inline double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace tubal
