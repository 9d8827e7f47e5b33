// Times for people and for measuring.
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

/// Seconds since some fixed moment; never runs backwards.
inline double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace tubal
