#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>

#include "core/append_file.hpp"
#include "core/error.hpp"
#include "core/file_error.hpp"
#include "core/files.hpp"
#include "core/process_space.hpp"
#include "core/sha256.hpp"
#include "core/unfinished.hpp"
#include "tests/temporary.hpp"

using namespace tubal;
using Catch::Matchers::Contains;

TEST_CASE("SHA-256 of the standard's examples") {  // FIPS 180-4
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  const TemporaryFolder folder;
  const std::string million(1000000, 'a');
  write_file(folder / "a", million);
  CHECK(sha256_file(folder / "a") == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  CHECK_THROWS_WITH(sha256_file(folder / "none"), Contains("none"));
}

TEST_CASE("a file is replaced whole and leaves nothing beside it") {
  const TemporaryFolder folder;
  write_file(folder / "x", "one");
  std::string binary("two\0three", 9);
  write_file(folder / "x", binary);
  CHECK(read_file(folder / "x") == binary);
  CHECK(folder.count() == 1);
  CHECK_THROWS_WITH(read_file(folder / "y"), Contains("no such file"));
  CHECK_THROWS_WITH(write_file(folder / "x" / "y", "z"), Contains("a file, not a folder"));
  CHECK_THROWS_WITH(make_folder(folder / "x" / "y"), Contains("a file, not a folder"));
}

TEST_CASE("a failed write keeps the old file and removes the new one") {
  const TemporaryFolder folder;
  write_file(folder / "x", "old");
  const FileSizeLimit limit(4096);  // a write past it fails as on a full disk
  CHECK_THROWS_WITH(write_file(folder / "x", std::string(100000, 'n')),
                    Contains("cannot write") && Contains("allowed size"));
  CHECK(read_file(folder / "x") == "old");
  CHECK(folder.count() == 1);
}

TEST_CASE("a full disk and a read-only folder are named, with what to do") {
  CHECK_THAT(file_problem("write", "/dev/shm/x", ENOSPC),
             Contains("/dev/shm/x") && Contains("no space") && Contains("MiB free") && Contains("run again"));
  const TemporaryFolder folder;
  fs::create_directory(folder / "closed");
  fs::permissions(folder / "closed", fs::perms::owner_read | fs::perms::owner_exec);
  fs::permissions(folder.path, fs::perms::all);
  CHECK_THAT(as_nobody([&] { write_file(folder / "closed" / "x", "y"); }),
             Contains("permission denied") && Contains("choose another"));
  CHECK(fs::is_empty(folder / "closed"));
}

TEST_CASE("unfinished files of dead processes are removed, those of living ones kept") {
  const TemporaryFolder folder;
  const pid_t child = fork();
  if (child == 0) _exit(0);
  waitpid(child, nullptr, 0);
  const auto name = [&](long pid) {
    return folder / (".x." + process_space() + "-" + std::to_string(pid) + "-0.unfinished");
  };
  write_file(name(child), "dead");
  write_file(name(getppid()), "alive");
  write_file(folder / ".x.elsewhere-1-0.unfinished", "another machine's");
  // Of a container under the same host name, whose processes cannot be seen from here.
  const fs::path hidden =
      folder / (".x." + host_name() + "-01234567-" + std::to_string(child) + "-0.unfinished");
  write_file(hidden, "may still be written");
  write_file(folder / "x", "kept");
  const pid_t zombie = fork();
  if (zombie == 0) _exit(0);
  siginfo_t info;
  waitid(P_PID, static_cast<id_t>(zombie), &info, WEXITED | WNOWAIT);  // ended, not collected
  write_file(name(zombie), "dead");
  CHECK(remove_unfinished(folder.path) == 2);
  waitpid(zombie, nullptr, 0);
  CHECK_FALSE(fs::exists(name(child)));
  CHECK(fs::exists(name(getppid())));
  CHECK(fs::exists(hidden));
  CHECK(folder.count() == 4);
  fs::last_write_time(hidden, fs::file_time_type::clock::now() - std::chrono::minutes(61));
  CHECK(remove_unfinished(folder.path) == 1);
  CHECK_FALSE(fs::exists(hidden));
}

TEST_CASE("lines are appended, cut back and never left half-written") {
  const TemporaryFolder folder;
  {
    AppendFile file(folder / "log");
    file.line("one");
    CHECK(file.size() == 4);
    file.sync();
    file.line("two");
  }
  CHECK(read_file(folder / "log") == "one\ntwo\n");
  {
    AppendFile file(folder / "log", 4);
    file.line("three");
  }
  CHECK(read_file(folder / "log") == "one\nthree\n");
  AppendFile file(folder / "log");
  const FileSizeLimit limit(4096);
  file.line(std::string(10000, 'x'));
  CHECK_THROWS_AS(file.flush(), Error);
  CHECK(read_file(folder / "log") == "one\nthree\n");
}
