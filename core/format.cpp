#include "core/format.hpp"

#include <charconv>
#include <cstdarg>
#include <cstdio>

namespace tubal {

std::string format(const char* how, ...) {
  std::va_list values, again;
  va_start(values, how);
  va_copy(again, values);
  const int n = std::vsnprintf(nullptr, 0, how, values);
  va_end(values);
  std::string text(n > 0 ? static_cast<std::size_t>(n) : 0, '\0');
  std::vsnprintf(text.data(), text.size() + 1, how, again);
  va_end(again);
  return text;
}

std::string grouped(long long n) {
  std::string digits = std::to_string(n);
  const std::size_t first = digits[0] == '-';
  for (std::size_t at = digits.size(); at > first + 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

std::string plural(std::size_t n, const std::string& what) {
  return grouped(static_cast<long long>(n)) + " " + what + (n == 1 ? "" : "s");
}

std::string shortest(double x) {
  if (x == 0) return "0";
  char buffer[40];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, x).ptr};
}

std::string spoken(double x) {
  std::string text = shortest(x);
  if (const std::size_t e = text.find('e'); e != text.npos) {
    const std::size_t digit = e + 2;
    while (digit + 1 < text.size() && text[digit] == '0') text.erase(digit, 1);
    if (text[e + 1] == '+') text.erase(e + 1, 1);
  }
  return text;
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == text.npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

}  // namespace tubal
