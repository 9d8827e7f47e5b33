#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <set>

#include "core/error.hpp"
#include "experiments/data/batches.hpp"
#include "experiments/data/dataset.hpp"

using namespace tubal;
namespace fs = std::filesystem;

namespace {

struct DataFolder {
  fs::path path = fs::temp_directory_path() /
                  ("tubal-data-" + std::to_string(::getpid()) + "-" + std::to_string(count++));
  DataFolder() { fs::create_directories(path); }
  ~DataFolder() { fs::remove_all(path); }
  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((path / name).parent_path());
    std::ofstream(path / name, std::ios::binary) << text;
  }
  static inline int count = 0;
};

const std::string header = "label,text\n";
std::string rows(int n, const std::string& extra = "") {
  std::string out = header;
  for (int i = 0; i < n; ++i)
    out += std::to_string(i % 2) + ",\"word" + std::to_string(i % 2) + " and \"\"text\"\" " +
           std::to_string(i) + extra + "\"\n";
  return out;
}

DataConfig csv(const DataFolder& f) {
  DataConfig c;
  c.name = "csv";
  c.train = "train.csv";
  c.test = "test.csv";
  c.folder = f.path.string();
  return c;
}

std::string refusal(const DataConfig& c, const DataFolder& f) {
  try {
    load_dataset(c, f.path / "cache");
  } catch (const UsageError& e) {
    return e.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("the split is stratified, disjoint and seeded, the vocabulary comes from the training rows alone",
          "[data]") {
  DataFolder f;
  f.write("train.csv", rows(200));
  f.write("test.csv", rows(40, " onlyintest"));
  DataConfig c = csv(f);
  const Dataset d = load_dataset(c, f.path / "cache");
  CHECK(d.train.size() == 180);
  CHECK(d.validation.size() == 20);
  CHECK(std::count(d.validation.labels.begin(), d.validation.labels.end(), 0) == 10);
  CHECK(d.vocabulary.data.find("onlyintest") == std::string::npos);
  CHECK(encode(d.vocabulary, "onlyintest and", 8) ==
        std::vector<std::int32_t>{unknown_token, encode(d.vocabulary, "and", 8)[0]});
  CHECK(d.vocabulary.size == 2 + 4 + 180);  // word0 word1 and text, and a number a training row
  c.split_seed = 1;
  const Dataset other = load_dataset(c, f.path / "cache");
  CHECK(other.vocabulary.data != d.vocabulary.data);
}

TEST_CASE("words are lower case, <br /> parts them, marks stand alone, empty texts are one unknown word",
          "[data]") {
  DataFolder f;
  std::string text = header;
  for (int i = 0; i < 40; ++i)
    text += std::to_string(i % 2) + ",\"It's GREAT<br />really! \xC3\x89t\xC3\xA9\"\n";
  f.write("train.csv", text);
  f.write("test.csv", header + "0,\"\"\n1,a\n");
  const Dataset d = load_dataset(csv(f), f.path / "cache");
  std::set<std::string> words;
  std::string word;
  for (const char ch : d.vocabulary.data)
    ch == '\n' ? (words.insert(word), word.clear(), void()) : void(word += ch);
  CHECK(words == std::set<std::string>{"it", "'", "s", "great", "really", "!", "\xC3\xA9t\xC3\xA9"});
  CHECK(d.test.length(0) == 1);
  CHECK(d.test.tokens[0] == unknown_token);
}

TEST_CASE(
    "a cache is used again, gives the same bytes, and is made anew when damaged or when the sources change",
    "[data]") {
  DataFolder f;
  f.write("train.csv", rows(100));
  f.write("test.csv", rows(20));
  const Dataset first = load_dataset(csv(f), f.path / "cache");
  CHECK_FALSE(first.cached);
  const std::vector<std::int32_t> tokens(first.train.tokens.begin(), first.train.tokens.end());
  const Dataset again = load_dataset(csv(f), f.path / "cache");
  CHECK(again.cached);
  CHECK(std::equal(tokens.begin(), tokens.end(), again.train.tokens.begin(), again.train.tokens.end()));
  {
    std::fstream file(first.cache_file, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(-3, std::ios::end);
    file << "#";
  }
  const Dataset mended = load_dataset(csv(f), f.path / "cache");
  CHECK_FALSE(mended.cached);
  CHECK(std::equal(tokens.begin(), tokens.end(), mended.train.tokens.begin(), mended.train.tokens.end()));
  f.write("train.csv", rows(102));
  CHECK_FALSE(load_dataset(csv(f), f.path / "cache").cached);
}

TEST_CASE("an epoch visits every row once, in an order of its seed and number", "[data]") {
  DataFolder f;
  f.write("train.csv", rows(300));
  f.write("test.csv", rows(20));
  const Dataset d = load_dataset(csv(f), f.path / "cache");
  const auto visit = [&](std::uint64_t seed, int epoch) {
    const EpochOrder order(d.train, 16, seed, epoch);
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < order.batches(); ++i)
      for (const std::size_t r : order.rows(i)) all.push_back(r);
    return all;
  };
  auto a = visit(1, 0);
  CHECK(a == visit(1, 0));
  CHECK(a != visit(2, 0));
  CHECK(a != visit(1, 1));
  std::sort(a.begin(), a.end());
  for (std::size_t i = 0; i < a.size(); ++i) REQUIRE(a[i] == i);
  CHECK(a.size() == d.train.size());
  const Batch batch = make_batch(d.train, EpochOrder(d.train, 16, 1, 0).rows(3));
  CHECK(batch.size() == 16);
  CHECK(batch.offsets.back() == static_cast<std::int32_t>(batch.tokens.size()));
}

TEST_CASE("original layouts are read: aclImdb folders, AG News without a header, JSON lines", "[data]") {
  DataFolder f;
  for (const char* part : {"train", "test"})
    for (int i = 0; i < 12; ++i)
      f.write(std::string("acl/") + part + (i % 2 ? "/pos/" : "/neg/") + std::to_string(i) + ".txt",
              "a film " + std::to_string(i));
  DataConfig c;
  c.name = "imdb";
  c.path = "acl";
  c.folder = f.path.string();
  c.validation = 0.2;
  const Dataset acl = load_dataset(c, f.path / "cache");
  CHECK(acl.classes == std::vector<std::string>{"negative", "positive"});
  CHECK(acl.train.size() + acl.validation.size() == 12);
  std::string news, lines;
  for (int i = 0; i < 40; ++i) {
    news += "\"" + std::to_string(1 + i % 4) + "\",\"Title\",\"words of it\"\n";
    lines += "{\"body\": \"text " + std::to_string(i) + "\", \"kind\": \"" + (i % 2 ? "b" : "a") + "\"}\n";
  }
  f.write("ag/train.csv", news);
  f.write("ag/test.csv", news);
  f.write("t.jsonl", lines);
  c.name = "ag_news";
  c.path = "ag";
  CHECK(load_dataset(c, f.path / "cache").classes[3] == "Sci/Tech");
  c.name = "jsonl";
  c.train = c.test = "t.jsonl";
  c.text = "body";
  c.label = "kind";
  CHECK(load_dataset(c, f.path / "cache").classes == std::vector<std::string>{"a", "b"});
}

TEST_CASE("bad data is refused with file, line and what would be right", "[data]") {
  DataFolder f;
  f.write("train.csv", rows(40));
  f.write("test.csv", rows(20));
  const auto has = [&](const DataConfig& c, const std::vector<std::string>& parts) {
    const std::string message = refusal(c, f);
    for (const std::string& part : parts) {
      INFO(message);
      CHECK(message.find(part) != std::string::npos);
    }
  };
  DataConfig c = csv(f);
  c.train = "tran.csv";
  has(c, {"tran.csv", "train.csv"});
  c = csv(f);
  c.text = "txt";
  has(c, {"train.csv:1", "data.text", "did you mean `text`"});
  f.write("train.csv", header);
  has(csv(f), {"holds no text"});
  f.write("train.csv", header + "1,a\n1,b\n");
  has(csv(f), {"one class"});
  f.write("train.csv", header + "1,a\n0,\xff\xfe\n");
  has(csv(f), {"train.csv", "UTF-8", "3"});
  f.write("train.csv", header + "1,\"a\n0,b\n");
  has(csv(f), {"train.csv:2", "quote"});
  f.write("train.csv", header + "1,a,b\n");
  has(csv(f), {"train.csv:2"});
  f.write("train.csv", rows(40));
  f.write("test.csv", header + "7,a\n");
  has(csv(f), {"`7`", "test"});
  c = csv(f);
  c.train = ".";
  has(c, {"folder"});
  CHECK(fs::is_empty(f.path / "cache") == false);  // only locks: no half-written cache
  for (const auto& entry : fs::directory_iterator(f.path / "cache"))
    CHECK(entry.path().extension() == ".lock");
}
