#include "experiments/text/utf8.hpp"

#include <locale.h>
#include <wctype.h>

#include <cstdio>
#include <cstring>

#include "core/error.hpp"
#include "experiments/text/foreign_file.hpp"
#include "experiments/text/mapped_file.hpp"

namespace tubal {

void require_utf8(std::string_view text, const std::string& file) {
  const auto convert = [&](const std::string& from) {
    const std::string made = new_name(file);
    return "`iconv -f " + from + " -t UTF-8 " + shell_word(file) + " > " + shell_word(made) + "`, and name " +
           made + " in its place.";
  };
  if (text.size() >= 2 && (text.substr(0, 2) == "\xFF\xFE" || text.substr(0, 2) == "\xFE\xFF"))
    throw UsageError(file, 1, "", "this is UTF-16 text; UTF-8 is expected. Convert it: " + convert("UTF-16"));
  const std::size_t at = invalid_utf8(text);
  const bool binary = at != std::string_view::npos || text.find('\0') < 1024;
  if (const std::string foreign = foreign_file(text, file); binary && !foreign.empty())
    throw UsageError(file, 0, "", foreign);
  if (at == std::string_view::npos) return;
  const std::size_t start = text.substr(0, at).rfind('\n') + 1;  // npos + 1 = 0: the first line
  char found[8];
  std::snprintf(found, sizeof found, "0x%02X", static_cast<unsigned char>(text[at]));
  throw UsageError(file, line_at(text, at), "",
                   "text is not UTF-8: byte " + std::to_string(at - start + 1) + " of the line (byte " +
                       std::to_string(at + 1) + " of the file) is " + found +
                       ". If the file is Latin-1 or Windows-1252, convert it: " + convert("WINDOWS-1252"));
}

char32_t decode_utf8(const char*& p) {
  const auto* s = reinterpret_cast<const unsigned char*>(p);
  const unsigned c = s[0];
  if (c < 0x80) return ++p, c;
  if (c < 0xE0) return p += 2, (c & 0x1Fu) << 6 | (s[1] & 0x3Fu);
  if (c < 0xF0) return p += 3, (c & 0x0Fu) << 12 | (s[1] & 0x3Fu) << 6 | (s[2] & 0x3Fu);
  return p += 4, (c & 0x07u) << 18 | (s[1] & 0x3Fu) << 12 | (s[2] & 0x3Fu) << 6 | (s[3] & 0x3Fu);
}

char* encode_utf8(char32_t c, char* out) {
  const auto put = [&](char32_t byte) { *out++ = static_cast<char>(byte); };
  if (c < 0x80) return put(c), out;
  if (c < 0x800) return put(0xC0 | c >> 6), put(0x80 | (c & 0x3F)), out;
  if (c < 0x10000) return put(0xE0 | c >> 12), put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F)), out;
  return put(0xF0 | c >> 18), put(0x80 | (c >> 12 & 0x3F)), put(0x80 | (c >> 6 & 0x3F)),
         put(0x80 | (c & 0x3F)), out;
}

// glibc's own Unicode tables: present on every Debian (libc-bin), whatever LANG says.
static locale_t unicode() {
  static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  if (!locale) throw Error("the locale C.UTF-8 is missing; on Debian it comes with the package libc-bin.");
  return locale;
}

Letter letter_of(char32_t c) {
  if (c == 0x2019 || c == 0x02BC) return Letter::quote;
  if (c >= 0x0300 && c <= 0x036F) return Letter::part;
  if ((c >= 0x3040 && c <= 0x30FF) || (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
      (c >= 0x20000 && c <= 0x3FFFF))
    return Letter::whole;
  return iswalnum_l(static_cast<wint_t>(c), unicode()) ? Letter::part : Letter::none;
}

char32_t lower_case(char32_t c) {
  return static_cast<char32_t>(towlower_l(static_cast<wint_t>(c), unicode()));
}

}  // namespace tubal
