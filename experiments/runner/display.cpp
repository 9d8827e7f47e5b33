#include "experiments/runner/display.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "core/destination.hpp"
#include "core/environment.hpp"
#include "core/format.hpp"
#include "core/standard_output.hpp"
#include "core/text_table.hpp"

namespace tubal::runner {

std::string show_seconds(double s) {
  if (!std::isfinite(s) || s < 0) return "?";
  if (s < 9.95) return format("%.2f s", s).substr(0, s < 1 ? 4 : 3) + " s";
  if (s < 90) return format("%.0f s", s);
  const long long n = std::llround(s);
  if (n < 3600) return format("%lld:%02lld", n / 60, n % 60);
  if (n < 86400) return format("%lld:%02lld:%02lld", n / 3600, n / 60 % 60, n % 60);
  return format("%lld d %lld h", n / 86400, n / 3600 % 24);
}

std::string show_count(double n) {
  if (!std::isfinite(n)) return "?";
  if (n < 1000) return format("%.0f", n);
  if (n < 99950) return format("%.1fk", n / 1e3);
  if (n < 999500) return format("%.0fk", n / 1e3);
  return n < 1e9 ? format("%.2fM", n / 1e6) : format("%.2fG", n / 1e9);
}

std::string show_bytes(double n) {
  if (n < 1024.0 * 1024) return format("%.0f KiB", n / 1024);
  if (n < 1024.0 * 1024 * 1024) return format("%.0f MiB", n / 1024 / 1024);
  return format("%.1f GiB", n / 1024 / 1024 / 1024);
}

std::string show_trials(std::size_t n) { return std::to_string(n) + (n == 1 ? " trial" : " trials"); }

std::string show_share(double share) { return std::isfinite(share) ? format("%.4f", share) : ""; }

std::string show_bar(double share, int width, bool unicode) {
  const int full =
      static_cast<int>(std::lround(std::clamp(std::isfinite(share) ? share : 0.0, 0.0, 1.0) * width));
  std::string bar;
  for (int i = 0; i < width; ++i) bar += unicode ? (i < full ? "█" : "░") : (i < full ? "#" : "-");
  return bar;
}

std::string fit(const std::string& text, int width, bool right) {
  const int have = columns(text);
  if (have <= width)
    return right ? std::string(width - have, ' ') + text : text + std::string(width - have, ' ');
  std::size_t end = 0;
  for (int seen = 0; end < text.size(); ++end)
    if ((text[end] & 0xC0) != 0x80 && ++seen > width) break;
  return text.substr(0, end);
}

Display::Display(int descriptor) : descriptor_(descriptor) {
  live_ = ::isatty(descriptor) && environment("TERM").value_or("dumb") != "dumb";
  colours_ = live_ && !environment("NO_COLOR");
  unicode_ = false;
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"})
    if (const auto value = environment(name)) {
      unicode_ = value->find("UTF-8") != value->npos || value->find("utf8") != value->npos ||
                 value->find("UTF8") != value->npos;
      break;
    }
}

int Display::width() const {
  winsize size{};
  return ::ioctl(descriptor_, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 100;
}

std::string Display::colour(const std::string& text, int code) const {
  return colours_ ? "\x1b[" + std::to_string(code) + "m" + text + "\x1b[0m" : text;
}

// Where nothing can be written any more (the reader has gone, the disk is full) the study goes on; the
// command says so at its end.
void Display::put(const std::string& text) {
  if (const int error = write_all(descriptor_, text); error && descriptor_ == STDOUT_FILENO)
    note_output_error(error);
}

void Display::say(const std::string& line) {
  const std::vector<std::string> again = drawn_;
  clear();
  put(line + "\n");
  draw(again);
}

// Up to the first drawn line, each rewritten and cleared to its end, what is left over below cleared: one
// write, so that nothing flickers.
void Display::draw(const std::vector<std::string>& lines) {
  if (!live_ || (lines.empty() && drawn_.empty())) return;
  std::string out;
  if (!drawn_.empty()) out += "\x1b[" + std::to_string(drawn_.size()) + "A";
  out += "\r";
  for (const std::string& line : lines) out += line + "\x1b[K\n";
  out += "\x1b[J";
  put(out);
  drawn_ = lines;
}

}  // namespace tubal::runner
