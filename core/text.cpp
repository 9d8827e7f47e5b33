#include "core/text.hpp"

#include <cstdint>
#include <cstdio>
#include <cstring>

namespace tubal {

std::size_t invalid_utf8(std::string_view text) {
  const auto* s = reinterpret_cast<const unsigned char*>(text.data());
  const std::size_t n = text.size();
  for (std::size_t i = 0; i < n;) {
    if (i + 8 <= n) {  // eight ASCII bytes at a time
      std::uint64_t word;
      std::memcpy(&word, s + i, 8);
      if (!(word & 0x8080808080808080u)) {
        i += 8;
        continue;
      }
    }
    const unsigned char c = s[i];
    if (c < 0x80) {
      ++i;
      continue;
    }
    // Unicode 15, table 3-7: the second byte's range excludes overlong forms, surrogates
    // and what is beyond U+10FFFF.
    std::size_t more;
    unsigned char low = 0x80, high = 0xBF;
    if (c >= 0xC2 && c <= 0xDF)
      more = 1;
    else if (c >= 0xE0 && c <= 0xEF) {
      more = 2;
      low = c == 0xE0 ? 0xA0 : 0x80;
      high = c == 0xED ? 0x9F : 0xBF;
    } else if (c >= 0xF0 && c <= 0xF4) {
      more = 3;
      low = c == 0xF0 ? 0x90 : 0x80;
      high = c == 0xF4 ? 0x8F : 0xBF;
    } else
      return i;
    if (i + more >= n || s[i + 1] < low || s[i + 1] > high) return i;
    for (std::size_t k = 2; k <= more; ++k)
      if ((s[i + k] & 0xC0) != 0x80) return i;
    i += more + 1;
  }
  return std::string_view::npos;
}

namespace {

// Bytes of the character that starts with `c`, in valid UTF-8.
std::size_t length(unsigned char c) { return c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4; }

// The code point of the character text[0, n), valid UTF-8.
unsigned code_point(std::string_view text, std::size_t n) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  unsigned c = n == 1 ? byte(0) : byte(0) & (0x7Fu >> n);
  for (std::size_t i = 1; i < n; ++i) c = c << 6 | (byte(i) & 0x3Fu);
  return c;
}

// C0 and C1 controls, and what turns the direction of the text behind it.
bool is_control(unsigned c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

std::string escaped(unsigned c) {
  if (c == '\n') return "\\n";
  if (c == '\t') return "\\t";
  if (c == '\r') return "\\r";
  char code[16];
  std::snprintf(code, sizeof code, c < 0x100 ? "\\x%02x" : "\\u%04x", c);
  return code;
}

// The text up to `most` bytes of output; what is left over of the input goes to `rest`.
std::string escape(std::string_view text, bool keep_lines, std::size_t most, bool& rest) {
  std::string out;
  std::size_t bad = invalid_utf8(text);
  for (std::size_t i = 0; i < text.size();) {
    std::string next;
    const unsigned char first = static_cast<unsigned char>(text[i]);
    std::size_t n = 1;
    if (i == bad) {
      next = escaped(first);
      const std::size_t further = invalid_utf8(text.substr(i + 1));
      bad = further == std::string_view::npos ? further : i + 1 + further;
    } else {
      n = length(first);
      const unsigned c = code_point(text.substr(i), n);
      const bool kept = keep_lines && (c == '\n' || c == '\t');
      next = is_control(c) && !kept ? escaped(c) : std::string(text.substr(i, n));
    }
    if (out.size() + next.size() > most) {
      rest = true;
      return out;
    }
    out += next;
    i += n;
  }
  rest = false;
  return out;
}

}  // namespace

std::string printable(std::string_view text, bool keep_lines) {
  bool rest = false;
  return escape(text, keep_lines, static_cast<std::size_t>(-1), rest);
}

std::string shown(std::string_view text, std::size_t most) {
  bool rest = false;
  // An escape takes at least one byte for one, so that no more of the text need be looked at.
  const std::string out = escape(text.substr(0, most + 4), false, most, rest);
  return rest || text.size() > most + 4 ? out + "..." : out;
}

std::string shown_list(const std::vector<std::string>& names) {
  constexpr std::size_t most = 12;
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < most; ++i) out += (i ? ", " : "") + shown(names[i], 40);
  return names.size() > most ? out + ", ... (" + std::to_string(names.size()) + " in all)" : out;
}

std::string sentence(std::string text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n')) text.pop_back();
  if (!text.empty() && std::string(".!?").find(text.back()) == std::string::npos) text += '.';
  return text;
}

std::string shell_word(const std::string& text) {
  const char* plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+=:,./-";
  if (!text.empty() && text.find_first_not_of(plain) == text.npos) return text;
  const bool controls = printable(text) != text;  // only $'...' can say them on one line
  std::string out = controls ? "$'" : "'";
  for (const char c : text) {
    const unsigned char byte = static_cast<unsigned char>(c);
    char code[8];
    if (controls && (byte < 0x20 || byte >= 0x7F)) {
      std::snprintf(code, sizeof code, "\\x%02x", byte);
      out += code;
    } else if (c == '\'') {
      out += controls ? "\\'" : "'\\''";
    } else {
      out += controls && c == '\\' ? "\\\\" : std::string(1, c);
    }
  }
  return out + "'";
}

}  // namespace tubal
