// Other programs: started, heard, and told where they cannot be.
#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <thread>

#include "core/files.hpp"
#include "core/process.hpp"
#include "tests/temporary.hpp"

using namespace tubal;
using Words = std::vector<std::string>;

TEST_CASE("a program is heard to its end, its words as they were given") {
  const std::string odd = "it's \"$HOME\" *\n\t\\ é";
  const Answer answer = ask({"printf", "%s|%s", odd, ""}, Hear::both);
  CHECK(answer.good());
  CHECK(answer.text == odd + "|");
  CHECK(ask({"sh", "-c", "echo out; echo err >&2"}, Hear::both).text == "out\nerr");
  CHECK(ask({"sh", "-c", "echo out; echo err >&2"}, Hear::output).text == "out");
  CHECK(ask({"cat"}, Hear::both).text.empty());  // its input is empty
  CHECK(ask({"sh", "-c", "head -c 300000 /dev/zero | tr '\\0' x"}, Hear::both).text ==
        std::string(300000, 'x'));
}

TEST_CASE("how a program ended is told apart from its not having begun") {
  CHECK(ask({"sh", "-c", "exit 7"}, Hear::both).status == 7);
  CHECK(ask({"sh", "-c", "exit 127"}, Hear::both).status == 127);
  CHECK(ask({"sh", "-c", "exit 127"}, Hear::both).problem == 0);
  CHECK(ask({"sh", "-c", "kill -SEGV $$"}, Hear::both).signal == SIGSEGV);
  CHECK(ask({"no-such-program-anywhere"}, Hear::both).problem == ENOENT);
  CHECK(ask({"/no/such/program"}, Hear::both).problem == ENOENT);
  CHECK(ask({""}, Hear::both).problem != 0);
  CHECK(ask({"true"}, Hear::both, "/no/such/folder").problem == ENOENT);
  const TemporaryFolder folder;
  write_file(folder.path / "text", "no program\n");
  CHECK(ask({(folder.path / "text").string()}, Hear::both).problem == EACCES);
}

TEST_CASE("a program starts where it was told, with limits and ignored hang-ups, and with fresh signals") {
  const TemporaryFolder folder;
  CHECK(ask({"pwd", "-P"}, Hear::both, folder.path).text == std::filesystem::canonical(folder.path).string());
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGHUP, SIG_IGN);
  const std::string ignored =
      ask({"sh", "-c", "sed -n 's/^SigIgn:[[:space:]]*//p' /proc/self/status"}, Hear::both).text;
  ::signal(SIGPIPE, SIG_DFL);
  ::signal(SIGHUP, SIG_DFL);
  const unsigned long long mask = std::stoull(ignored, nullptr, 16);
  CHECK((mask >> (SIGHUP - 1) & 1) == 1);
  CHECK((mask >> (SIGPIPE - 1) & 1) == 0);
}

TEST_CASE("programs that start at once from several threads do not hold each other's pipes") {
  std::vector<std::thread> threads;
  std::vector<std::string> heard(16);
  for (std::size_t i = 0; i < heard.size(); ++i)
    threads.emplace_back([&heard, i] {
      heard[i] = ask({"sh", "-c", "sleep 0.05; echo " + std::to_string(i)}, Hear::both).text;
    });
  for (std::thread& t : threads) t.join();
  for (std::size_t i = 0; i < heard.size(); ++i) CHECK(heard[i] == std::to_string(i));
}
