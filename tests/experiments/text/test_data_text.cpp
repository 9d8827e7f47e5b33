// What every data set is read through: mapped files, RFC 4180 and UTF-8. Errors are
// checked by what they tell.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <deque>
#include <filesystem>
#include <fstream>

#include "core/error.hpp"
#include "core/random.hpp"
#include "experiments/data/csv.hpp"
#include "experiments/text/mapped_file.hpp"
#include "experiments/text/utf8.hpp"

using namespace tubal;
using Table = std::vector<std::vector<std::string>>;

static Table read(const std::string& text) {
  std::deque<std::string> arena;
  CsvReader reader(text, "rows.csv", arena);
  std::vector<std::string_view> fields;
  Table rows;
  while (reader.next(fields)) rows.emplace_back(fields.begin(), fields.end());
  return rows;
}

template <class F>
static std::string fault(F f) {
  try {
    f();
  } catch (const UsageError& e) {
    return e.what();
  }
  return "";
}
static std::string csv_fault(const std::string& text) {
  return fault([&] { read(text); });
}

static std::string in_quotes(const std::string& s) {
  std::string out = "\"";
  for (const char c : s) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

TEST_CASE("CSV fields: plain, quoted, empty, with line breaks and doubled quotes") {
  CHECK(read("a,b\n1,x\n") == Table{{"a", "b"}, {"1", "x"}});
  CHECK(read("a,b\r\n1,x\r\n") == Table{{"a", "b"}, {"1", "x"}});
  CHECK(read("a,b\n1,x") == Table{{"a", "b"}, {"1", "x"}});
  CHECK(read("a,b\n1,\n,\n") == Table{{"a", "b"}, {"1", ""}, {"", ""}});
  CHECK(read("a,b\n1,") == Table{{"a", "b"}, {"1", ""}});
  CHECK(read("a,b\n\n1,\"x\ny, \"\"z\"\"\"\n\n") == Table{{"a", "b"}, {"1", "x\ny, \"z\""}});
  CHECK(read("\"\",\"\"\n\"\"\"\",b") == Table{{"", ""}, {"\"", "b"}});
  CHECK(read("\xEF\xBB\xBF"
             "a,b\n") == Table{{"a", "b"}});
  CHECK(read("a,5\" disk\n") == Table{{"a", "5\" disk"}});  // a quote inside a bare field stands for itself
  CHECK(read("").empty());
  CHECK(read("\n\r\n").empty());
}

TEST_CASE("CSV reads back whatever was written, with LF and CRLF, quoted or bare") {
  const char letters[] = {'a', '"', ',', '\n', '\r', ' ', 'z', '\''};
  for (std::uint64_t round = 0; round < 200; ++round) {
    const RandomStream random(7, Purpose::test, round);
    Table rows;
    std::string text;
    std::uint64_t at = 0;
    const std::string end = random.below(2, at++) ? "\r\n" : "\n";
    for (int i = 0; i < 6; ++i) {
      rows.emplace_back();
      for (int j = 0; j < 3; ++j) {
        std::string value;
        for (auto n = random.below(7, at++); n > 0; --n) value += letters[random.below(8, at++)];
        const bool must_quote = value.find_first_of("\",\n\r") != std::string::npos;
        rows.back().push_back(value);
        text += (j ? "," : "") + (must_quote || random.below(2, at++) ? in_quotes(value) : value);
      }
      text += end;
    }
    CAPTURE(text);
    CHECK(read(text) == rows);
  }
}

TEST_CASE("CSV errors name file and line and say what a row should look like") {
  CHECK(csv_fault("label,text\n0,fine\n1,\"never\nclosed\n0,x\n") ==
        "rows.csv:3: the quote that opens column 2 here is never closed. Quotes inside a quoted text are "
        "doubled: \"say \"\"no\"\"\".");
  CHECK(csv_fault("label,text\n0,\"a \"b\" c\"\n") ==
        "rows.csv:2: behind the closing quote of column 2 stands `b`, where a comma or the line's end is "
        "expected. Quotes inside a quoted text are doubled: \"say \"\"no\"\"\".");
  CHECK(csv_fault("label,text\n\"0\",\"two\nlines\"\n1,one, two\n") ==
        "rows.csv:4: this row has 3 columns and the first row has 2. A text that holds a comma must stand in "
        "double quotes.");
  CHECK(csv_fault("label,text\n0,one\ntwo\n") ==
        "rows.csv:3: this row has 1 column and the first row has 2. A text that holds a line break must "
        "stand in double quotes.");
}

TEST_CASE("UTF-8: every character passes and reads back, everything else is found") {
  std::string all;
  for (char32_t c = 1; c <= 0x10FFFF; c += c < 0x3000 ? 1 : 61) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    char bytes[4];
    const std::string one(bytes, encode_utf8(c, bytes));
    const char* p = one.data();
    REQUIRE(decode_utf8(p) == c);
    REQUIRE(p == one.data() + one.size());
    all += one;
    // cut short, it is no character
    if (one.size() > 1) REQUIRE(invalid_utf8(one.substr(0, one.size() - 1)) == 0);
  }
  CHECK(invalid_utf8(all) == std::string::npos);
  for (const char* bad :
       {"\x80", "\xC0\xAF", "\xC1\xBF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF0\x80\x80\xAF",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xC3(", "\xE2\x82(", "\xF0\x9F\x98("})
    for (const std::size_t before : {0, 1, 7, 8, 9, 64}) {
      CAPTURE(before);
      CHECK(invalid_utf8(std::string(before, 'a') + bad + std::string(9, 'b')) == before);
    }
}

TEST_CASE("Text that is not UTF-8 is refused by line and byte") {
  CHECK(fault([] { require_utf8("good\ncaf\xE9 noir\n", "rows.csv"); })
            .rfind("rows.csv:2: text is not UTF-8: byte 4 of the line (byte 9 of the file) is 0xE9. If the "
                   "file is Latin-1",
                   0) == 0);
  CHECK(fault([] {
          require_utf8(std::string_view("\xFF\xFE"
                                        "a\0",
                                        4),
                       "a.csv");
        }).find("UTF-16") != std::string::npos);
  CHECK(fault([] { require_utf8("\x1F\x8B\x08", "a.csv.gz"); }).find("gzip -dc") != std::string::npos);
  CHECK(fault([] { require_utf8(std::string_view("PK\x03\x04\x14\0\0", 7), "a.csv"); }).find("unzip") !=
        std::string::npos);
  CHECK(fault([] { require_utf8("na\xC3\xAFve \xE2\x80\x99", "a.csv"); }).empty());
}

TEST_CASE("Letters beyond ASCII belong to words and fold, whatever the locale") {
  const auto decoded = [](const std::string& s) {
    const char* p = s.data();
    return decode_utf8(p);
  };
  for (const char* s : {"é", "ß", "Ж", "λ", "ن", "अ", "٣"}) CHECK(letter_of(decoded(s)) == Letter::part);
  CHECK(letter_of(0x0301) == Letter::part);  // combining acute accent
  for (const char* s : {"—", "“", "…", "€", " "}) CHECK(letter_of(decoded(s)) == Letter::none);
  for (const char* s : {"中", "か", "カ"}) CHECK(letter_of(decoded(s)) == Letter::whole);
  CHECK(letter_of(decoded("’")) == Letter::quote);
  CHECK(lower_case(decoded("É")) == decoded("é"));
  CHECK(lower_case(decoded("Ж")) == decoded("ж"));
  CHECK(lower_case(decoded("中")) == decoded("中"));
}

TEST_CASE("A file that cannot be read says what lies near it") {
  namespace fs = std::filesystem;
  std::string pattern = (fs::temp_directory_path() / "tubal-text-XXXXXX").string();
  const fs::path folder = mkdtemp(pattern.data());
  std::ofstream(folder / "train.csv") << "a\nb\n";
  std::ofstream(folder / "empty.csv");
  CHECK(MappedFile::open(folder / "train.csv")->bytes() == "a\nb\n");
  CHECK(MappedFile::open(folder / "empty.csv")->bytes().empty());
  const std::string missing = fault([&] { MappedFile::open(folder / "trian.csv"); });
  CHECK(missing.find("no such file") != std::string::npos);
  CHECK(missing.find("holds: empty.csv, train.csv.") != std::string::npos);
  CHECK(missing.find("did you mean `train.csv`?") != std::string::npos);
  CHECK(fault([&] { MappedFile::open(folder / "x/y/z.csv"); }).find("nothing below " + folder.string()) !=
        std::string::npos);
  CHECK(fault([&] { MappedFile::open(folder); }).find("is a folder where a file is expected") !=
        std::string::npos);
  CHECK(fault([&] { MappedFile::open("/dev/null"); }).find("not a regular file") != std::string::npos);
  const auto kept = MappedFile::open(folder / "train.csv");
  fs::remove_all(folder);
  CHECK(kept->bytes() == "a\nb\n");  // a mapping outlives its name
}
