#include <catch2/catch.hpp>
#include <cmath>

#include "core/error.hpp"
#include "experiments/records/checkpoint.hpp"
#include "experiments/records/journal.hpp"
#include "tests/temporary.hpp"

using namespace tubal;
using Catch::Matchers::Contains;

namespace {

const std::vector<std::string> records = {R"({"kind":"train","loss":0.5})",
                                          R"({"text":"a \"quote\" and },{"})", "{}"};

fs::path sample(const TemporaryFolder& folder) {
  Journal journal(folder / "journal.jsonl", 0, 0);
  for (const std::string& r : records) journal.add(r);
  journal.sync();
  return folder / "journal.jsonl";
}

}  // namespace

TEST_CASE("a journal comes back, and goes on where it is told") {
  const TemporaryFolder folder;
  const fs::path file = sample(folder);
  const JournalContent all = read_journal(file);
  CHECK(all.records == records);
  CHECK(all.bytes == fs::file_size(file));
  const std::size_t two = read_file(file).find('\n', read_file(file).find('\n') + 1) + 1;
  {
    Journal journal(file, 2, two);
    journal.add("{\"new\":1}");
    CHECK(journal.records() == 3);
    journal.flush();
    CHECK(journal.bytes() == fs::file_size(file));
  }
  CHECK(read_journal(file).records == std::vector<std::string>{records[0], records[1], "{\"new\":1}"});
  CHECK(read_journal(file, two).records.size() == 2);
  CHECK(read_journal(folder / "none").records.empty());
}

TEST_CASE("a torn last line is dropped, wherever it is torn") {
  const TemporaryFolder folder;
  const std::string text = read_file(sample(folder));
  const std::size_t last = text.rfind('\n', text.size() - 2) + 1;
  for (std::size_t cut = last; cut < text.size(); ++cut) {
    write_file(folder / "torn", text.substr(0, cut));
    const JournalContent content = read_journal(folder / "torn");
    REQUIRE(content.records.size() == 2);
    REQUIRE(content.bytes == last);
  }
}

TEST_CASE("any byte changed in a line before the last one is found") {
  const TemporaryFolder folder;
  const std::string text = read_file(sample(folder));
  const std::size_t last = text.rfind('\n', text.size() - 2);
  for (std::size_t at = 0; at < last; ++at) {
    std::string changed = text;
    changed[at] ^= 1;
    write_file(folder / "changed", changed);
    INFO(changed);
    REQUIRE_THROWS_WITH(read_journal(folder / "changed"), Contains("damaged") && Contains("changed:"));
  }
  const std::size_t second = text.find('\n') + 1;
  write_file(folder / "missing", text.substr(second));  // a whole line lost
  CHECK_THROWS_AS(read_journal(folder / "missing"), Error);
}

TEST_CASE("a checkpoint comes back, and every damage to it is found") {
  const TemporaryFolder folder;
  const std::vector<float> a = {1, -2.5f, 3e-40f, INFINITY}, b, c = {7};
  save_checkpoint(folder / "c", "{\"step\":3}", {a, b, c});
  const Checkpoint back = load_checkpoint(folder / "c");
  CHECK(back.header == "{\"step\":3}");
  CHECK(back.arrays == std::vector<std::vector<float>>{a, b, c});
  CHECK(folder.count() == 1);
  const std::string bytes = read_file(folder / "c");
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string changed = bytes;
    changed[at] ^= 4;
    write_file(folder / "changed", changed);
    REQUIRE_THROWS_AS(load_checkpoint(folder / "changed"), Error);
    write_file(folder / "cut", bytes.substr(0, at));
    REQUIRE_THROWS_AS(load_checkpoint(folder / "cut"), Error);
  }
  std::string later = bytes;
  later[7] = '2';
  write_file(folder / "later", later);
  CHECK_THROWS_WITH(load_checkpoint(folder / "later"), Contains("format 2"));
  const FileSizeLimit limit(64);
  CHECK_THROWS_WITH(save_checkpoint(folder / "c", "{\"step\":4}", {a}), Contains("cannot write"));
  CHECK(load_checkpoint(folder / "c").header == "{\"step\":3}");
}
