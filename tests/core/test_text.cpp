// Foreign text in messages, words for a shell, and environment variables.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>

#include "core/environment.hpp"
#include "core/text.hpp"

using namespace tubal;

TEST_CASE("no control character and no broken UTF-8 gets through") {
  CHECK(printable("plain é 漢 😀") == "plain é 漢 😀");
  CHECK(printable("a\nb\tc\r\x1b[31m\x7f") == "a\\nb\\tc\\r\\x1b[31m\\x7f");
  CHECK(printable("a\nb\x1b", true) == "a\nb\\x1b");
  CHECK(printable(std::string("n\0l", 3)) == "n\\x00l");
  CHECK(printable("\xff\xc3(\xe2\x82") == "\\xff\\xc3(\\xe2\\x82");
  CHECK(printable("\xc2\x9b\xe2\x80\xae") == "\\x9b\\u202e");  // C1 and a direction mark
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  const std::string safe = printable(all + all);
  CHECK(invalid_utf8(safe) == std::string::npos);
  for (const char c : safe) CHECK((static_cast<unsigned char>(c) >= 0x20 && c != 0x7f));
}

TEST_CASE("what is shown is cut at a character and says so") {
  CHECK(shown("short") == "short");
  const std::string sixty(60, 'x');
  CHECK(shown(std::string(3000000, 'x')) == sixty + "...");
  CHECK(shown("éééé", 5) == "éé...");
  CHECK(shown("éé", 4) == "éé");
  for (std::size_t most = 1; most < 20; ++most) {
    const std::string cut = shown("a é 漢\x1b 😀 \xff z", most);
    CHECK(invalid_utf8(cut) == std::string::npos);
    CHECK(cut.size() <= most + 3);
  }
}

// The shell itself is asked what it reads.
static std::string read_by_shell(const std::string& word) {
  std::string out;
  FILE* shell = ::popen(("bash -c " + shell_word("printf %s. " + word)).c_str(), "r");
  REQUIRE(shell);
  for (int c; (c = std::getc(shell)) != EOF;) out += static_cast<char>(c);
  ::pclose(shell);
  return out;
}

TEST_CASE("a word for a shell is read back as it was and stands on one line") {
  CHECK(shell_word("models/p=4_dct.yaml") == "models/p=4_dct.yaml");
  for (const std::string text : {"", "a b", "it's", "$(reboot)", "`x`", "a\nb", "-x", "*", "tab\there",
                                 "\x1b[0m", "é 漢", "\\", "\\\n'", "!", "~", "a;b", "\xff"}) {
    const std::string word = shell_word(text);
    INFO(word);
    CHECK(read_by_shell(word) == text + ".");
    CHECK(printable(word) == word);
  }
}

namespace {
struct Variable {  // set while it lives
  const char* name;
  std::string before;
  bool was;
  Variable(const char* n, const char* value) : name(n), was(std::getenv(n)) {
    if (was) before = std::getenv(n);
    value ? ::setenv(n, value, 1) : ::unsetenv(n);
  }
  ~Variable() { was ? ::setenv(name, before.c_str(), 1) : ::unsetenv(name); }
};
}  // namespace

TEST_CASE("an empty variable counts as unset, a relative folder of the system's is passed over") {
  struct Row {
    const char *own, *xdg, *home, *temporary, *expected;
  };
  for (const Row& r : {Row{"/own", "/xdg", "/home/me", "/t", "/own"},
                       {"own/relative", "/xdg", "/home/me", "/t", "own/relative"},
                       {"", "/xdg", "/home/me", "/t", "/xdg/tubal"},
                       {nullptr, "", "/home/me", "/t", "/home/me/.cache/tubal"},
                       {"", "relative", "/home/me", "/t", "/home/me/.cache/tubal"},
                       {"", "./relative", "", "/t", "/t/tubal-cache"},
                       {nullptr, nullptr, nullptr, "", "/tmp/tubal-cache"},
                       {"", "", "relative", "relative", "/tmp/tubal-cache"},
                       {nullptr, nullptr, nullptr, nullptr, "/tmp/tubal-cache"}}) {
    const Variable own("TUBAL_CACHE", r.own), xdg("XDG_CACHE_HOME", r.xdg), home("HOME", r.home),
        temporary("TMPDIR", r.temporary);
    CHECK(cache_folder() == std::filesystem::path(r.expected));
  }
  const Variable empty("TUBAL_TEST_VARIABLE", "");
  CHECK_FALSE(environment("TUBAL_TEST_VARIABLE"));
  CHECK_FALSE(environment("TUBAL_TEST_VARIABLE_THAT_IS_NOT_SET"));
}
