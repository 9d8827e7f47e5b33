// A cause is set where the error is thrown, and neither wrapping nor wording changes it.
#include <catch2/catch.hpp>
#include <cerrno>
#include <ios>
#include <new>
#include <set>
#include <system_error>

#include "core/append_file.hpp"
#include "core/destination.hpp"
#include "core/error.hpp"
#include "core/file_error.hpp"
#include "core/files.hpp"
#include "core/sha256.hpp"
#include "core/text.hpp"
#include "tests/temporary.hpp"

using namespace tubal;

namespace {

// Cause of what `action` throws; none where it throws nothing.
template <class Action>
Cause thrown(const Action& action) {
  try {
    action();
  } catch (const std::exception& e) {
    return cause_of(e);
  }
  return Cause::none;
}

}  // namespace

TEST_CASE("every cause has a name and words of its own, and is found by its name") {
  std::set<std::string> names, texts;
  for (const CauseEntry& e : cause_table) {
    INFO(e.name);
    CHECK(cause_named(e.name) == e.cause);
    CHECK(name(e.cause) == std::string(e.name));
    CHECK(words(e.cause) == e.words);
    CHECK(names.insert(e.name).second);
    CHECK(texts.insert(e.words).second);
  }
  for (const char* unknown : {"", "No_Space", "no space left on the device", "meteorite"})
    CHECK(cause_named(unknown) == Cause::other);
}

TEST_CASE("an error hands its cause on, whatever its message says") {
  for (const CauseEntry& e : cause_table)
    for (const std::string& message : {std::string("reworded"), words(Cause::killed), std::string()}) {
      INFO(e.name << ": " << message);
      CHECK(thrown([&] { throw Error(message, e.cause); }) == e.cause);
      CHECK(thrown([&] { throw UsageError(message, e.cause); }) == e.cause);
      CHECK(thrown([&] { throw UsageError("f.yaml", 3, "key", message, e.cause); }) == e.cause);
    }
  CHECK(thrown([] { throw Error(words(Cause::no_space)); }) == Cause::other);
  CHECK(thrown([] { throw std::runtime_error(words(Cause::no_space)); }) == Cause::other);
  CHECK(thrown([] { throw std::bad_alloc(); }) == Cause::memory);
  CHECK(thrown([] { throw std::ios_base::failure("x"); }) == Cause::other);  // its code 1 is no EPERM
  CHECK(thrown([] { throw std::system_error(EROFS, std::generic_category(), "x"); }) == Cause::read_only);
  CHECK(thrown([] { throw fs::filesystem_error("x", std::error_code(EACCES, std::system_category())); }) ==
        Cause::denied);
}

TEST_CASE("a failed system call gives the cause of its error number") {
  const std::pair<int, Cause> table[] = {
      {ENOSPC, Cause::no_space}, {EDQUOT, Cause::quota},  {EROFS, Cause::read_only}, {EACCES, Cause::denied},
      {EPERM, Cause::denied},    {ENOMEM, Cause::memory}, {EFBIG, Cause::other},     {ENOENT, Cause::other},
      {EPIPE, Cause::other},     {EIO, Cause::device},    {ESTALE, Cause::device}};
  for (const auto& [error, cause] : table) {
    INFO(error);
    CHECK(cause_of(error) == cause);
    CHECK(file_error("write", "/none/x", error).cause() == cause);
    CHECK(file_error("write", "/none/x", error).what() == file_problem("write", "/none/x", error));
    if (cause != Cause::other && cause != Cause::memory)
      CHECK_THAT(file_problem("write", "/none/x", error), Catch::Contains(words(cause)));
  }
  CHECK(thrown([] { write_file("/dev/full", "x"); }) == Cause::no_space);
  CHECK(thrown([] { read_file("/none/x"); }) == Cause::other);
}

TEST_CASE("whoever may not read or write learns that it was denied") {
  const TemporaryFolder folder;
  fs::permissions(folder.path, fs::perms::all);
  write_file(folder / "secret", "x");
  fs::permissions(folder / "secret", fs::perms::none);
  fs::create_directory(folder / "closed");
  fs::permissions(folder / "closed", fs::perms::owner_read);
  const std::pair<const char*, std::function<void()>> table[] = {
      {"read_file", [&] { read_file(folder / "secret"); }},
      {"sha256_file", [&] { sha256_file(folder / "secret"); }},
      {"write_file", [&] { write_file(folder / "closed" / "x", "y"); }},
      {"make_folder", [&] { make_folder(folder / "closed" / "x"); }},
      {"AppendFile", [&] { AppendFile(folder / "closed" / "x"); }},
      {"require_writable", [&] { require_writable(folder / "closed" / "x" / "y", "--output"); }}};
  for (const auto& [what, action] : table) {
    INFO(what);
    CHECK(as_nobody([&act = action] { throw Error(name(thrown(act))); }) == "denied");
  }
  fs::permissions(folder / "closed", fs::perms::all);
}

TEST_CASE("a usage error keeps its place apart from its reason") {
  const UsageError whole("f.yaml", 3, "model.p", "found 0");
  CHECK(std::string(whole.what()) == "f.yaml:3: model.p: found 0");
  CHECK(whole.file() == "f.yaml");
  CHECK(whole.key() == "model.p");
  CHECK(whole.reason() == "found 0");
  const UsageError bare("model.p: found 0");
  CHECK(bare.key().empty());
  CHECK(bare.reason() == bare.what());
}

TEST_CASE("the nearest name is the one that is suggested") {
  const std::vector<std::string> names = {"depth", "width", "heads"};
  CHECK(nearest("widht", names) == "width");
  CHECK(did_you_mean("widht", names) == "did you mean `width`?");
  CHECK(nearest("colour", names).empty());
  CHECK(did_you_mean("colour", names).empty());
}
