// Where outputs go: links, pipes, devices and descriptors stay what they are; files are replaced whole.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <thread>

#include "core/destination.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "tests/temporary.hpp"

using namespace tubal;
using Catch::Matchers::Contains;

TEST_CASE("a link is followed: the file at its end is replaced, the links stay") {
  const TemporaryFolder folder;
  fs::create_directories(folder / "far");
  fs::create_symlink("far/second", folder / "first");  // relative to the link's own folder
  fs::create_symlink(folder / "far" / "file", folder / "far" / "second");
  write_file(folder / "first", "through a dangling chain");
  CHECK(read_file(folder / "far" / "file") == "through a dangling chain");
  write_file(folder / "first", "again");
  CHECK(read_file(folder / "far" / "file") == "again");
  CHECK(fs::is_symlink(folder / "first"));
  CHECK(fs::is_symlink(folder / "far" / "second"));
  CHECK(folder.count() == 2);  // nothing is left beside them
  CHECK(std::distance(fs::directory_iterator(folder / "far"), {}) == 2);
}

TEST_CASE("a file keeps its mode and its links' folders") {
  const TemporaryFolder folder;
  write_file(folder / "x", "old");
  for (const mode_t mode : {0600, 0644, 0664, 0755, 0440}) {
    REQUIRE(::chmod((folder / "x").c_str(), mode) == 0);
    write_file(folder / "x", "new");
    struct stat about {};
    REQUIRE(::stat((folder / "x").c_str(), &about) == 0);
    CHECK((about.st_mode & 07777) == mode);
    CHECK(destination(folder / "x").mode == mode);
  }
  CHECK_FALSE(destination(folder / "none").mode);
}

TEST_CASE("what cannot be written is refused with the reason, and nothing is left") {
  const TemporaryFolder folder;
  fs::create_directory(folder / "d");
  fs::create_symlink("d", folder / "to_d");
  fs::create_symlink("b", folder / "a");
  fs::create_symlink("a", folder / "b");
  fs::create_symlink("no such/file", folder / "lost");
  const long before = folder.count();
  CHECK_THROWS_WITH(write_file(folder / "d", "x"), Contains("it is a folder"));
  CHECK_THROWS_WITH(write_file(folder / "to_d", "x"), Contains("it is a folder"));
  CHECK_THROWS_WITH(write_file(folder / "a", "x"), Contains("circle"));
  CHECK_THROWS_WITH(write_file(folder / "lost", "x"), Contains("a link to") && Contains("mkdir -p '"));
  CHECK_THROWS_WITH(write_file(folder / "none" / "x", "x"), Contains("mkdir -p") && Contains("none"));
  CHECK_THROWS_WITH(write_file("", "x"), Contains("cannot write"));
  CHECK_THROWS_AS(require_writable(folder / "d", "--output"), UsageError);
  CHECK_THROWS_WITH(require_writable("", "--output"), Contains("--output") && Contains("empty"));
  CHECK_NOTHROW(require_writable(folder / "new", "--output"));
  CHECK(folder.count() == before);
  CHECK(fs::is_directory(folder / "d"));
}

TEST_CASE("the longest name that a file system takes is written") {
  const TemporaryFolder folder;
  const std::string name(255, 'n');
  write_file(folder / name, "x");
  CHECK(read_file(folder / name) == "x");
  CHECK_THROWS_WITH(write_file(folder / (name + "n"), "x"), Contains("too long"));
  CHECK(folder.count() == 1);
}

TEST_CASE("a pipe is written into and stays a pipe") {
  const TemporaryFolder folder;
  const fs::path pipe = folder / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const std::string bytes(300000, 'p');  // more than a pipe holds
  std::string seen;
  std::thread reader([&] { seen = read_file(pipe); });
  write_file(pipe, bytes);
  reader.join();
  CHECK(seen == bytes);
  CHECK(fs::is_fifo(pipe));
  CHECK(folder.count() == 1);
}

TEST_CASE("devices are written into and stay devices") {
  write_file("/dev/null", "nothing");
  CHECK(fs::is_character_file("/dev/null"));
  CHECK_THROWS_WITH(write_file("/dev/full", "x"), Contains("no space left"));
  CHECK(fs::is_character_file("/dev/full"));
  CHECK(fs::is_symlink("/dev/stdout"));
}

TEST_CASE("a path of an open descriptor is that descriptor: what was written before stays before it") {
  const TemporaryFolder folder;
  const int file = ::open((folder / "out").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  REQUIRE(file > 2);
  REQUIRE(::write(file, "head ", 5) == 5);
  for (const char* place : {"/dev/fd/", "/proc/self/fd/"}) write_file(place + std::to_string(file), "body ");
  REQUIRE(::write(file, "tail", 4) == 4);
  ::close(file);
  CHECK(read_file(folder / "out") == "head body body tail");
  CHECK(folder.count() == 1);
  CHECK_THROWS_AS(write_file("/dev/fd/" + std::to_string(file), "x"), Error);  // closed by now
}

TEST_CASE("a descriptor that would block is waited for") {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);
  const std::string bytes(1000000, 'b');
  std::string seen;
  std::thread reader([&] {
    char piece[4096];
    while (seen.size() < bytes.size())
      if (const ssize_t n = ::read(ends[0], piece, sizeof piece); n > 0)
        seen.append(piece, static_cast<std::size_t>(n));
      else
        ::usleep(1000);
  });
  CHECK(write_all(ends[1], bytes) == 0);
  reader.join();
  CHECK(seen == bytes);
  ::close(ends[0]);
  ::close(ends[1]);
}
