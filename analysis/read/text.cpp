#include "analysis/read/text.hpp"

#include <cctype>
#include <cmath>
#include <numeric>

#include "core/format.hpp"
#include "core/text_table.hpp"

namespace tubal::text {

std::string format(const char* how, double x) { return std::isnan(x) ? "" : tubal::format(how, x); }

std::string grouped(double n) { return std::isnan(n) ? "" : tubal::grouped(std::llround(n)); }

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
  return x == 0 && std::signbit(x) ? "-0" : spoken(x);
}

std::string capital(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

std::string table(const std::vector<std::vector<std::string>>& rows, std::size_t left) {
  std::vector<std::size_t> first(left);
  std::iota(first.begin(), first.end(), std::size_t{0});
  return text_table(rows, first, Head::ruled);
}

}  // namespace tubal::text
