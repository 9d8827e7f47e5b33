#include "analysis/text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace tubal::text {

std::string format(const char* how, double x) {
  if (std::isnan(x)) return "";
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, how, x);
  return buffer;
}

std::string grouped(double n) {
  std::string s = format("%.0f", n);
  const std::size_t first = !s.empty() && s[0] == '-';
  for (std::size_t i = s.size(); i > first + 3; i -= 3) s.insert(i - 3, 1, ',');
  return s;
}

std::string percent(double share) { return format("%.2f", 100 * share); }

std::string signed_percent(double share) {
  std::string s = format("%+.2f", 100 * share);
  if (s == "-0.00" || s == "+0.00") return "0.00";
  return !s.empty() && s[0] == '-' ? "\u2212" + s.substr(1) : s;
}

std::string seconds(double s) {
  return s < 10     ? format("%.1f s", s)
         : s < 100  ? format("%.0f s", s)
         : s < 6000 ? format("%.1f min", s / 60)
                    : format("%.1f h", s / 3600);
}

std::string bytes(double b) { return b < 1e9 ? format("%.0f MB", b / 1e6) : format("%.1f GB", b / 1e9); }

std::string p_value(double p) { return p < 0.001 ? "<0.001" : format("%.3f", p); }

std::string exact(double x) {
  if (std::isnan(x)) return "";
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, x);
  return {buffer, end.ptr};
}

std::string plural(std::size_t n, const std::string& what) {
  return grouped(static_cast<double>(n)) + " " + what + (n == 1 ? "" : "s");
}

std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string table(const std::vector<std::vector<std::string>>& rows, std::size_t left) {
  std::vector<std::size_t> widths(rows[0].size());
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  std::string out;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string pad(widths[i] - width(row[i]), ' ');
      line += (i ? "  " : "") + (i < left ? row[i] + pad : pad + row[i]);
    }
    out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    if (&row != &rows[0]) continue;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      out += i ? "  " : "";
      for (std::size_t c = 0; c < widths[i]; ++c) out += "\u2500";
    }
    out += "\n";
  }
  return out;
}

}  // namespace tubal::text
