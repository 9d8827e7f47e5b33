// Laws of data sets: the split, the vocabulary against a naive twin, batches, the cache under damage, rivals
// and unwritable folders, and what each refusal says.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <thread>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/random.hpp"
#include "experiments/data/batches.hpp"
#include "experiments/data/corpus.hpp"
#include "experiments/data/data_report.hpp"
#include "experiments/data/dataset.hpp"
#include "experiments/data/split.hpp"

using namespace tubal;
namespace fs = std::filesystem;

namespace {

struct Folder {
  fs::path path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "tubal-laws-XXXXXX").string();
    path = mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path); }
  std::string write(const std::string& name, const std::string& text) const {
    fs::create_directories((path / name).parent_path());
    std::ofstream(path / name, std::ios::binary) << text;
    return (path / name).string();
  }
  DataConfig config(const std::string& name) const {
    DataConfig c;
    c.name = name;
    c.folder = path.string();
    if (name == "csv" || name == "jsonl") {
      c.train = "train." + name;
      c.test = "test." + name;
    } else
      c.path = "set";
    return c;
  }
  Dataset load(const DataConfig& c) const { return load_dataset(c, path / "cache"); }
  // The refusal without the folder's name, or "accepted".
  std::string fault(const DataConfig& c) const {
    try {
      load(c);
    } catch (const UsageError& e) {
      std::string message = e.what();
      for (std::size_t at; (at = message.find(path.string() + "/")) != std::string::npos;)
        message.erase(at, path.string().size() + 1);
      return message;
    }
    return "accepted";
  }
};

std::string drawn_texts(int rows, std::uint64_t seed) {
  const char* words[] = {"the",       "The",  "film",  "a",     "it's", "<br />",
                         "<BR/>good", "bad!", "why?!", "10/10", "x_y",  "Extraordinarily"};
  std::string out = "label,text\n";
  for (int i = 0; i < rows; ++i) {
    const RandomStream random(seed, Purpose::test, static_cast<std::uint64_t>(i));
    out += std::to_string(i % 3) + ",";
    for (std::uint64_t n = 1 + random.below(20, 0), k = 1; k <= n; ++k)
      out += std::string(words[random.below(12, k)]) + (random.below(4, 100 + k) ? " " : "; ");
    out += "\n";
  }
  return out;
}

std::vector<std::int32_t> copy(std::span<const std::int32_t> x) { return {x.begin(), x.end()}; }

}  // namespace

TEST_CASE("validation rows are a share of every class, and depend on labels, share and seed alone",
          "[data]") {
  std::vector<std::int32_t> labels;
  for (int i = 0; i < 1000; ++i) labels.push_back(i % 10 == 0 ? 2 : i % 2);
  labels.push_back(3);  // one row alone stays in the training part
  labels.insert(labels.end(), {4, 4});
  const auto held = validation_rows(labels, 5, 0.1, 1);
  std::map<int, int> count;
  for (std::size_t i = 0; i < labels.size(); ++i) count[labels[i]] += held[i];
  CHECK(count[0] == 40);
  CHECK(count[1] == 50);
  CHECK(count[2] == 10);
  CHECK(count[3] == 0);
  CHECK(count[4] == 1);
  CHECK(held == validation_rows(labels, 5, 0.1, 1));
  CHECK(held != validation_rows(labels, 5, 0.1, 2));
}

TEST_CASE("word tokens are those of a naive twin, and an encoder gives the same", "[data]") {
  Folder f;
  f.write("train.csv", drawn_texts(300, 1));
  f.write("test.csv", drawn_texts(60, 2));
  DataConfig c = f.config("csv");
  c.max_length = 7;
  c.tokenizer.vocabulary = 12;
  const Dataset d = f.load(c);
  // Read again, with std::regex in place of the table of bytes.
  const Corpus corpus = read_corpus(c);
  const auto held = validation_rows(corpus.train.labels, 3, c.validation, c.split_seed);
  const auto split = [](std::string_view view) {
    std::string text = std::regex_replace(std::string(view), std::regex("<br ?/?>", std::regex::icase), " ");
    for (char& ch : text) ch = static_cast<char>(std::tolower(ch));
    const std::regex word("[a-z0-9]+|[!?']");
    return std::vector<std::string>(std::sregex_token_iterator(text.begin(), text.end(), word), {});
  };
  std::map<std::string, long> counts;
  for (std::size_t i = 0; i < held.size(); ++i)
    if (!held[i])
      for (const auto& w : split(corpus.train.texts[i])) ++counts[w];
  std::vector<std::pair<long, std::string>> order;
  for (const auto& [w, n] : counts) order.emplace_back(-n, w);
  std::sort(order.begin(), order.end());
  std::map<std::string, std::int32_t> number;
  for (std::size_t i = 0; i < 10; ++i) number[order[i].second] = static_cast<std::int32_t>(i) + 2;
  REQUIRE(order.size() > 10);
  CHECK(d.vocabulary.size == 12);
  const auto naive = [&](std::string_view text) {
    std::vector<std::int32_t> out;
    for (const auto& w : split(text))
      if (out.size() < 7) out.push_back(number.count(w) ? number[w] : unknown_token);
    if (out.empty()) out.push_back(unknown_token);
    return out;
  };
  std::vector<std::int32_t> train, validation, test;
  const auto add = [](auto& to, const std::vector<std::int32_t>& x) {
    to.insert(to.end(), x.begin(), x.end());
  };
  for (std::size_t i = 0; i < held.size(); ++i)
    add(held[i] ? validation : train, naive(corpus.train.texts[i]));
  const Encoder encoder(d.vocabulary);
  for (const auto text : corpus.test.texts) {
    add(test, naive(text));
    CHECK(encoder(text, 7) == naive(text));
  }
  CHECK(copy(d.train.tokens) == train);
  CHECK(copy(d.validation.tokens) == validation);
  CHECK(copy(d.test.tokens) == test);
}

TEST_CASE("sentencepiece learns from the training texts, cuts, and encodes as it did", "[data]") {
  Folder f;
  f.write("train.csv", drawn_texts(400, 1));
  f.write("test.csv", drawn_texts(60, 2) + "0,\n");
  for (const char* model : {"bpe", "unigram"}) {
    DataConfig c = f.config("csv");
    c.tokenizer = {"sentencepiece", 60, model};
    c.max_length = 9;
    const Dataset d = f.load(c);
    CHECK(d.vocabulary.size <= 60);
    const Encoder encoder(d.vocabulary);
    const Corpus corpus = read_corpus(c);
    for (std::size_t i = 0; i < d.test.size(); ++i) {
      REQUIRE(d.test.length(i) <= 9);
      REQUIRE(encoder(corpus.test.texts[i], 9) ==
              copy(d.test.tokens.subspan(static_cast<std::size_t>(d.test.offsets[i]), d.test.length(i))));
    }
    CHECK(d.test.length(d.test.size() - 1) == 1);
    CHECK(encoder("THE FILM<br />the film", 99) == encoder("the film the film", 99));
  }
}

TEST_CASE("truncation keeps the first tokens, the last, or a quarter and the rest, both tokenizers",
          "[data]") {
  Folder f;
  f.write("train.csv", drawn_texts(400, 1));
  f.write("test.csv", drawn_texts(60, 2));
  for (const TokenizerConfig& kind :
       {TokenizerConfig{"word", 60, ""}, TokenizerConfig{"sentencepiece", 60, "bpe"}})
    for (const char* truncation : {"head", "tail", "head_tail"}) {
      DataConfig c = f.config("csv");
      c.tokenizer = kind;
      c.max_length = 10;
      c.truncation = truncation;
      const Dataset d = f.load(c);
      const Encoder encoder(d.vocabulary);
      const Corpus corpus = read_corpus(c);
      std::size_t longer = 0;
      for (std::size_t i = 0; i < d.test.size(); ++i) {
        const auto all = encoder(corpus.test.texts[i], 10000);
        std::vector<std::int32_t> kept = all;
        if (all.size() > 10) {
          ++longer;
          const std::ptrdiff_t head = std::string(truncation) == "head"   ? 10
                                      : std::string(truncation) == "tail" ? 0
                                                                          : 2;
          kept.assign(all.begin(), all.begin() + head);
          kept.insert(kept.end(), all.end() - (10 - head), all.end());
        }
        REQUIRE(copy(d.test.tokens.subspan(static_cast<std::size_t>(d.test.offsets[i]), d.test.length(i))) ==
                kept);
        REQUIRE(encoder(corpus.test.texts[i], {10, truncation}) == kept);
      }
      CHECK(longer > 20);
    }
}

TEST_CASE("what is kept of a text is what a reader of the whole would keep, however the words lie",
          "[data]") {
  Vocabulary v{"word", "", 2};
  const std::vector<std::string> parts = {"a",  "bc", " ",     "  ",       "<br />",   "<",
                                          "br", "/>", "\n",    "\xC3\xA9", "\xCC\x81", "\xE4\xB8\xAD",
                                          "'",  "!",  "<BR/>", "word",     ",",        "br />"};
  for (const std::string word : {"a", "bc", "br", "word", "'", "!", "\xC3\xA9", "\xE4\xB8\xAD"}) {
    v.data += word + "\n";
    ++v.size;
  }
  const Encoder encoder(v);
  const RandomStream random(11, Purpose::test);
  std::uint64_t at = 0;
  for (int text = 0; text < 400; ++text) {
    std::string s;
    for (std::uint64_t n = random.below(300, at++); n > 0; --n) s += parts[random.below(parts.size(), at++)];
    const auto all = encoder(s, 100000);
    for (const char* truncation : {"head", "tail", "head_tail"}) {
      const TokenLimit limit(1 + static_cast<int>(random.below(40, at++)), truncation);
      std::vector<std::int32_t> kept = all;
      cut(kept, 0, limit);
      CAPTURE(s, truncation, limit.max_length);
      REQUIRE(encoder(s, limit) == kept);
    }
  }
}

TEST_CASE("batches: a run resumed at any step sees what it would have seen, lengths are grouped", "[data]") {
  Folder f;
  f.write("train.csv", drawn_texts(1500, 1));
  f.write("test.csv", drawn_texts(30, 2));
  const Dataset d = f.load(f.config("csv"));
  std::vector<Batch> whole;
  const EpochOrder order(d.train, 8, 5, 3);
  REQUIRE(order.batches() == (d.train.size() + 7) / 8);
  double spread = 0;
  for (std::size_t i = 0; i < order.batches(); ++i) {
    const Batch b = make_batch(d.train, order.rows(i));
    int low = 1000, high = 0;
    for (std::size_t k = 0; k < b.size(); ++k) {
      low = std::min(low, b.offsets[k + 1] - b.offsets[k]);
      high = std::max(high, b.offsets[k + 1] - b.offsets[k]);
    }
    spread += high - low;
    whole.push_back(b);
  }
  CHECK(spread / static_cast<double>(order.batches()) <=
        3);  // lengths are 1..60; unsorted batches spread over 20
  for (const std::size_t i : {whole.size() - 1, std::size_t{7}, std::size_t{0}}) {
    const Batch again = make_batch(d.train, EpochOrder(d.train, 8, 5, 3).rows(i));
    CHECK((again.tokens == whole[i].tokens && again.offsets == whole[i].offsets &&
           again.labels == whole[i].labels));
  }
  std::size_t seen = 0;
  for (std::size_t at = 0; at < d.test.size(); at += 7) seen += make_batch(d.test, at, 7).size();
  CHECK(seen == d.test.size());
}

TEST_CASE("any damaged byte of a cache file is found, rivals build one, without a folder it still works",
          "[data]") {
  Folder f;
  f.write("train.csv", drawn_texts(40, 1));
  f.write("test.csv", drawn_texts(12, 2));
  const DataConfig c = f.config("csv");
  const Dataset first = f.load(c);
  const std::string good = read_file(first.cache_file);
  for (std::size_t at = 0; at < good.size(); at += 1 + good.size() / 40) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 4);
    write_file(first.cache_file, bad);
    const Dataset d = f.load(c);
    REQUIRE_FALSE(d.cached);
    REQUIRE(read_file(first.cache_file) == good);
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{15}, good.size() / 2, good.size() - 1}) {
    write_file(first.cache_file, good.substr(0, size));
    REQUIRE_FALSE(f.load(c).cached);
  }
  fs::remove_all(f.path / "cache");
  std::vector<Dataset> sets(4);
  {
    std::vector<std::jthread> rivals;
    for (Dataset& d : sets) rivals.emplace_back([&] { d = f.load(c); });
  }
  for (const Dataset& d : sets) CHECK(copy(d.train.tokens) == copy(first.train.tokens));
  CHECK(read_file(first.cache_file) == good);
  f.write("file", "in the way");
  const Dataset homeless = load_dataset(c, f.path / "file" / "cache");
  CHECK(copy(homeless.test.tokens) == copy(first.test.tokens));
  CHECK(homeless.classes == first.classes);
}

TEST_CASE("a report counts what stands in the files", "[data]") {
  Folder f;
  std::string train = "label,text\n";
  for (int i = 0; i < 40; ++i) train += std::to_string(i % 2) + ",number" + std::to_string(i) + " is here\n";
  f.write("train.csv", train + "0,same\n0,same\n0,same\n0,same\n1,...\n1,...\n");
  f.write("test.csv", "label,text\n0,same\n1,new words are here\n1,number3 is here\n");
  DataConfig c = f.config("csv");
  c.max_length = 3;
  c.validation = 0.25;
  const DataReport r = report_data(c, f.load(c));
  CHECK(r.train.texts + r.validation.texts == 46);
  CHECK(r.train.per_class[0] + r.validation.per_class[0] == 24);
  CHECK(r.validation.per_class == std::vector<std::int64_t>{6, 6});
  CHECK(r.train.empty + r.validation.empty == 2);
  CHECK(r.train_test + r.validation_test >= 2);
  CHECK(r.test.tokens == 8);
  CHECK(r.test.cut == 1);
  CHECK(r.test.longest == 4);
  CHECK(r.test.repeated == 0);
  CHECK(r.train.unknown == 0);
  CHECK(r.test.unknown >= 3);
}

TEST_CASE("labels that are wrong are refused by file and line", "[data]") {
  Folder f;
  const std::string good = "label,text\n0,a\n1,b\n0,c\n1,d\n";
  f.write("set/test.csv", good);
  f.write("test.csv", good);
  f.write("set/train.csv", "label,text\n0,a\n1,\"b\nb\"\npos,c\n");
  CHECK(f.fault(f.config("imdb")) ==
        "set/train.csv:5: the label is `pos`; allowed are 0 negative, 1 positive.");
  f.write("set/train.csv", "label,text\n0,a\n2,b\n");
  CHECK(f.fault(f.config("imdb")).rfind("set/train.csv:3: the label is `2`;", 0) == 0);
  f.write("set/train.csv", "label,text\n0,a\n4,b\n");
  CHECK(f.fault(f.config("ag_news")) ==
        "set/train.csv:3: the label is `4`; allowed are 0 World, 1 Sports, 2 Business, 3 Sci/Tech.");
  f.write("set/train.csv", "\"1\",\"Title\",\"words\"\n\"5\",\"Title\",\"words\"\n");
  CHECK(f.fault(f.config("ag_news")).rfind("set/train.csv:2: the class is `5`", 0) == 0);
  f.write("train.csv", "label,text\n0,a\n1,b\none,c\n");
  CHECK(f.fault(f.config("csv")) ==
        "train.csv:4: data.label: the label `one` is no integer and the first row's, `0`, is one; a file "
        "labels with integers or with names, not with both.");
  f.write("train.csv", "label,text\n0,a\n,b\n");
  CHECK(f.fault(f.config("csv")) == "train.csv:3: data.label: the label is empty.");
  f.write("train.csv", "label,text\n0,a\n1,b\n2,c\n");
  CHECK(f.fault(f.config("csv")).rfind("test.csv: the test part has no text of the class `2`", 0) == 0);
  f.write("train.csv", "label,text\n");
  CHECK(f.fault(f.config("csv")) == "train.csv: the training part holds no text.");
}

TEST_CASE("JSON lines, folders and names that are wrong are refused", "[data]") {
  Folder f;
  f.write("test.jsonl", "{\"text\": \"a\", \"label\": 0}\n{\"text\": \"b\", \"label\": 1}\n");
  const auto jsonl = [&](const std::string& line) {
    f.write("train.jsonl", "\n{\"text\": \"a\", \"label\": 0}\n" + line + "\n");
    return f.fault(f.config("jsonl"));
  };
  CHECK(jsonl("{\"text\": \"a\"").rfind("train.jsonl:3: this line is no JSON object", 0) == 0);
  CHECK(jsonl("[1]").rfind("train.jsonl:3: this line is no JSON object", 0) == 0);
  CHECK(jsonl("{\"txt\": \"a\", \"label\": 1}") ==
        "train.jsonl:3: data.text: there is no field `text`; the object has label, txt. did you mean `txt`?");
  CHECK(jsonl("{\"text\": 5, \"label\": 1}") == "train.jsonl:3: data.text: the field `text` is no text: 5");
  CHECK(jsonl("{\"text\": \"a\", \"label\": 1.5}") ==
        "train.jsonl:3: data.label: the field `label` is 1.5; a label is an integer or a name.");
  DataConfig c = f.config("imdb");
  CHECK(f.fault(c).rfind("data.path: ", 0) == 0);
  CHECK(f.fault(c).find("no such folder. The folder") != std::string::npos);
  c.path = "test.jsonl";
  CHECK(f.fault(c) == "data.path: test.jsonl: is a file; name the folder that holds train.csv and test.csv.");
  c.path = "";
  CHECK(f.fault(c).rfind("data.path: missing; data.name: imdb needs the folder", 0) == 0);
  c.name = "imbd";
  CHECK(f.fault(c) ==
        "data.name: `imbd` is no data set; there are imdb, ag_news, debian, csv, jsonl, synthetic, text. did "
        "you mean `imdb`?");
  c = f.config("csv");
  c.test = "";
  CHECK(f.fault(c) ==
        "data.test: missing; data.name: csv needs a file for each of data.train and data.test.");
  fs::create_directories(f.path / "acl/train/pos");
  f.write("acl/test/pos/1.txt", "x");
  c = f.config("imdb");
  c.path = "acl";
  CHECK(f.fault(c).find("aclImdb has train/pos, train/neg, test/pos and test/neg") != std::string::npos);
}

TEST_CASE("debian: ten sections, no description on both sides, without apt's lists it says what to do",
          "[data]") {
  Folder f;
  const DataConfig c = f.config("debian");
  if (corpus_files(c).empty()) {
    CHECK(f.fault(c).find("apt-get update") != std::string::npos);
    return;
  }
  const Dataset d = f.load(c);
  CHECK(d.classes.size() == 10);
  CHECK(d.shared_texts == 0);
  const double rows = static_cast<double>(d.train.size() + d.validation.size() + d.test.size());
  CHECK(static_cast<double>(d.test.size()) / rows == Approx(0.2).margin(0.05));
  CHECK(d.classes == f.load(c).classes);
}

TEST_CASE("synthetic: the same rows for the same seed, other ones for another", "[data]") {
  Folder f;
  DataConfig c = f.config("synthetic");
  c.synthetic.classes = 3;
  c.synthetic.train = 300;
  c.synthetic.test = 90;
  const Dataset d = f.load(c), again = load_dataset(c, f.path / "other");
  CHECK(copy(d.train.tokens) == copy(again.train.tokens));
  c.synthetic.seed = 1;
  CHECK(copy(d.train.tokens) != copy(f.load(c).train.tokens));
  CHECK(d.train.size() + d.validation.size() == 300);
  CHECK(d.test.size() == 90);
}
