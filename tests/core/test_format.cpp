// Numbers, fields and tables as texts.
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <random>

#include "core/format.hpp"
#include "core/text_table.hpp"

using namespace tubal;

TEST_CASE("grouped digits are the number's own, by threes") {
  std::mt19937_64 random(7);
  for (int round = 0; round < 2000; ++round) {
    const auto n = static_cast<long long>(random()) >> (random() % 64);
    std::string digits;
    const std::string text = grouped(n);
    std::size_t since = 0;
    for (auto c = text.rbegin(); c != text.rend(); ++c) {
      if (*c == ',') {
        REQUIRE(since == 3);
        since = 0;
      } else {
        digits.insert(0, 1, *c);
        since += *c != '-';
      }
    }
    REQUIRE(digits == std::to_string(n));
    REQUIRE((since >= 1 && since <= 3));
  }
  CHECK(grouped(-123) == "-123");
  CHECK(grouped(-1234) == "-1,234");
  CHECK(grouped(793088) == "793,088");
}

TEST_CASE("a formatted text is never cut") {
  const std::string word(5000, 'x');
  CHECK(format("%s|%d", word.c_str(), 7) == word + "|7");
  CHECK(format("%.2f %%", 12.345) == "12.35 %");
  CHECK(format("plain").size() == 5);
}

TEST_CASE("the shortest digits read back to the same double") {
  std::mt19937_64 random(11);
  for (int round = 0; round < 2000; ++round) {
    const std::uint64_t bits = random();
    double x = 0;
    std::memcpy(&x, &bits, sizeof x);
    if (std::isfinite(x)) REQUIRE(std::strtod(shortest(x).c_str(), nullptr) == x);
  }
  CHECK(shortest(-0.0) == "0");
  CHECK(shortest(0.0003) == "3e-04");
  CHECK(shortest(0.25) == "0.25");
}

// What RFC 4180 says a reader makes of a line of one field.
static std::string read_field(const std::string& text) {
  if (text.empty() || text[0] != '"') return text;
  std::string out;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] == '"') ++i;
    out += text[i];
  }
  return out;
}

TEST_CASE("a field of comma-separated values reads back") {
  std::mt19937 random(3);
  const std::string letters = "ab,\"\r\n ;é";
  for (int round = 0; round < 500; ++round) {
    std::string field;
    for (std::size_t n = random() % 6; n > 0; --n) field += letters[random() % letters.size()];
    const std::string text = csv_field(field);
    REQUIRE(read_field(text) == field);
    REQUIRE((text[0] == '"') == (field.find_first_of(",\"\r\n") != field.npos));
  }
}

TEST_CASE("columns of a table stand one below the other, whatever alphabet they are in") {
  CHECK(text_table({{"a", "n"}, {"x", "1"}, {"yy", "10"}}, {0}) == "a    n\nx    1\nyy  10\n");
  CHECK(text_table({{"größe", "n"}, {"x", "10"}}, {0}, Head::ruled) == "größe   n\n─────  ──\nx      10\n");
  CHECK(text_table({{"a", "b"}, {"only"}, {"c", "d", "more"}}, {0, 2}) == "a     b\nonly\nc     d  more\n");
  CHECK(text_table({}, {}).empty());
  // Laws: every line of full rows is as wide as the others where the last column stands to the right, and no
  // line ends in a space.
  std::mt19937 random(5);
  const std::vector<std::string> words = {"", "é", "漢字", "plain", "−0.31", "a b"};
  for (int round = 0; round < 200; ++round) {
    std::vector<std::vector<std::string>> rows(1 + random() % 5, std::vector<std::string>(3));
    for (auto& row : rows)
      for (std::string& cell : row) cell = words[random() % words.size()];
    for (auto& row : rows) row.push_back("end");
    const std::string text = text_table(rows, {0});
    int wide = -1;
    for (std::size_t at = 0, end; (end = text.find('\n', at)) != text.npos; at = end + 1) {
      const std::string line = text.substr(at, end - at);
      REQUIRE(line.back() != ' ');
      if (wide < 0) wide = columns(line);
      REQUIRE(columns(line) == wide);
    }
  }
}
