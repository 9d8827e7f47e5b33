#include "experiments/config/number.hpp"

#include <charconv>
#include <cmath>

namespace tubal {

namespace {

std::size_t digits(const std::string& s, std::size_t at) {
  std::size_t n = 0;
  while (at + n < s.size() && s[at + n] >= '0' && s[at + n] <= '9') ++n;
  return n;
}

// -? digits (. digits)? ([eE] [+-]? digits)?; sets `zeros` where the integer part has a leading zero.
bool number_grammar(const std::string& s, bool& integer, bool& zeros) {
  std::size_t i = !s.empty() && s[0] == '-';
  const std::size_t whole = digits(s, i);
  zeros = whole > 1 && s[i] == '0';
  i += whole;
  integer = true;
  std::size_t fraction = 0;
  if (i < s.size() && s[i] == '.') {
    fraction = digits(s, i + 1);
    i += 1 + fraction;
    integer = false;
  }
  if (whole + fraction == 0) return false;
  if (i < s.size() && (s[i] == 'e' || s[i] == 'E')) {
    ++i;
    if (i < s.size() && (s[i] == '+' || s[i] == '-')) ++i;
    const std::size_t exponent = digits(s, i);
    if (exponent == 0) return false;
    i += exponent;
    integer = false;
  }
  return i == s.size();
}

}  // namespace

std::optional<std::int64_t> parse_integer(const std::string& text) {
  bool integer, zeros;
  std::int64_t value = 0;
  if (!number_grammar(text, integer, zeros) || !integer || zeros) return {};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

std::optional<double> parse_number(const std::string& text) {
  bool integer, zeros;
  double value = 0;
  if (!number_grammar(text, integer, zeros) || zeros) return {};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return {};
  return value;
}

std::string number_fault(const std::string& text) {
  bool integer, zeros;
  if (!number_grammar(text, integer, zeros)) return "";
  if (zeros) return "a leading zero is not allowed, because readers disagree on whether it means octal";
  if (!parse_number(text) || (integer && !parse_integer(text)))
    return "the number is too large or too small to be held";
  return "";
}

std::string yaml_number(double x) {
  std::string s = shortest(x);
  const std::size_t e = s.find('e');
  if (e == std::string::npos) return s.find('.') == std::string::npos ? s + ".0" : s;
  return s.substr(0, e).find('.') == std::string::npos ? s.insert(e, ".0") : s;
}

}  // namespace tubal
