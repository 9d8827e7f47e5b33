#include "analysis/export/latex_text.hpp"

#include <algorithm>
#include <cstdio>

namespace tubal::analysis {

namespace {

// The character at text[i], which moves behind it; U+FFFD for a byte that is not UTF-8.
char32_t next_character(const std::string& text, std::size_t& i) {
  const auto byte = [&](std::size_t k) { return k < text.size() ? static_cast<unsigned char>(text[k]) : 0u; };
  const unsigned first = byte(i);
  const std::size_t more = first < 0x80       ? 0
                           : first >> 5 == 6  ? 1
                           : first >> 4 == 14 ? 2
                           : first >> 3 == 30 ? 3
                                              : 9;
  if (more == 9) return ++i, 0xFFFD;
  char32_t c = more ? first & (0x3Fu >> more) : first;
  for (std::size_t k = 1; k <= more; ++k) {
    if (byte(i + k) >> 6 != 2) return ++i, 0xFFFD;
    c = c << 6 | (byte(i + k) & 0x3F);
  }
  i += more + 1;
  return c;
}

struct Escape {
  char32_t character;
  const char* latex;
};
constexpr Escape escapes[] = {{'\\', "\\textbackslash{}"},
                              {'{', "\\{"},
                              {'}', "\\}"},
                              {'$', "\\$"},
                              {'&', "\\&"},
                              {'#', "\\#"},
                              {'%', "\\%"},
                              {'_', "\\_"},
                              {'^', "\\textasciicircum{}"},
                              {'~', "\\textasciitilde{}"},
                              {'<', "\\textless{}"},
                              {'>', "\\textgreater{}"},
                              {'|', "\\textbar{}"},
                              {'"', "''"},
                              {'`', "\\`{}"},
                              {0x2013, "--"},  // en dash
                              {0x2014, "---"},
                              {0x2019, "'"},
                              {0x2212, "$-$"},
                              {0x00B1, "$\\pm$"},
                              {0x00D7, "$\\times$"},
                              {0x2026, "\\dots{}"}};

// Latin letters that plain LaTeX (encoding OT1) has not; found by setting U+00C0 to U+017F with pdflatex.
bool without_glyph(char32_t c) {
  static constexpr char32_t letters[] = {0xD0,  0xDE,  0xF0,  0xFE,  0x104, 0x105, 0x110, 0x111, 0x118,
                                         0x119, 0x126, 0x127, 0x12E, 0x12F, 0x138, 0x13F, 0x140, 0x149,
                                         0x14A, 0x14B, 0x166, 0x167, 0x172, 0x173, 0x17F};
  return std::find(std::begin(letters), std::end(letters), c) != std::end(letters);
}

}  // namespace

std::string latex_text(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t begin = i;
    const char32_t c = next_character(text, i);
    const auto found = std::find_if(std::begin(escapes), std::end(escapes),
                                    [&](const Escape& e) { return e.character == c; });
    if (found != std::end(escapes)) {
      out += found->latex;
    } else if (c < 0x20 || c == 0x7F) {
      out += ' ';
    } else if (c < 0x7F || (c >= 0xC0 && c <= 0x17F && !without_glyph(c))) {
      out += text.substr(begin, i - begin);
    } else {
      char code[16];
      std::snprintf(code, sizeof code, "U+%04X", static_cast<unsigned>(c));
      out += code;
    }
  }
  return out;
}

}  // namespace tubal::analysis
