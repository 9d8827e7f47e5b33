// Every data set of the two tables (config/data_sets.hpp, data/readers.hpp): that they agree, that what a set
// says of the keys is true, and that a study is refused for the files for which a trial would be.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <set>

#include "core/error.hpp"
#include "core/file_error.hpp"
#include "core/files.hpp"
#include "experiments/config/data_sets.hpp"
#include "experiments/config/identity.hpp"
#include "experiments/config/schema.hpp"
#include "experiments/config/unused.hpp"
#include "experiments/data/dataset.hpp"
#include "experiments/data/readers.hpp"
#include "tests/experiments/data/text_fixture.hpp"

using namespace tubal;
using namespace tubal::test;
namespace fs = std::filesystem;

namespace {

// The same small data in every layout that a data set reads, twice, under `a` and `b`;
// files end in the set's name.
void put_data(const TemporaryFolder& folder) {
  const auto line = [](std::uint64_t seed) {
    std::string text = made_text(1, seed);
    text.pop_back();
    return text;
  };
  for (const std::string of : {"a", "b"})
    for (const std::string part : {"train", "test"}) {
      fs::create_directories(folder / of);
      std::string csv = "text,body,label,mark\n", json, plain;
      for (std::uint64_t i = 0; i < 40; ++i) {
        const std::string text = line(i + (part == "test" ? 100 : 0)), body = line(i + 200);
        const std::string label = std::to_string(i % 2), mark = i % 3 ? "odd" : "even";
        csv += text + "," + body + "," + label + "," + mark + "\n";
        json += "{\"text\": \"" + text + "\", \"body\": \"" + body + "\", \"label\": " + label +
                ", \"mark\": \"" + mark + "\"}\n";
        plain += text + "\n" + (i % 4 ? "" : "\n");
      }
      put(folder, of + "/" + part + ".csv", csv);
      put(folder, of + "/" + part + ".jsonl", json);
      put(folder, of + "/" + part + ".text", plain);
    }
}

// What a set reads of its own keys, given values under `folder`; `of`: "a" or "b".
void give_places(DataConfig& d, const TemporaryFolder& folder, const std::string& of) {
  const DataSet& set = data_set(d.name);
  if (reads(set, "data.path")) d.path = (folder / of).string();
  if (reads(set, "data.train")) d.train = (folder / (of + "/train." + d.name)).string();
  if (reads(set, "data.test")) d.test = (folder / (of + "/test." + d.name)).string();
}

TrialConfig trial_on(const std::string& name, Task task, const TemporaryFolder& folder) {
  TrialConfig c;
  c.model.task = task;
  c.data.name = name;
  c.data.max_length = 4;
  c.data.tokenizer.vocabulary = 60;
  c.data.synthetic.train = 60;
  c.data.synthetic.test = 30;
  c.data.synthetic.words = 20;
  give_places(c.data, folder, "a");
  follow_up(c);
  return c;
}

// Another value that the key may have.
Value another(const Key& k, const Settings& s, const TemporaryFolder& folder) {
  Settings other;
  other.trial.data.name = s.trial.data.name;
  give_places(other.trial.data, folder, "b");
  const Value now = k.get(s), there = k.get(other);
  if ((k.path || k.name == "data.test") && std::holds_alternative<std::string>(there) &&
      !std::get<std::string>(there).empty())
    return there;
  for (const std::string& choice : k.choices)
    if (Value(choice) != now) return choice;
  if (const auto* x = std::get_if<bool>(&now)) return !*x;
  if (const auto* x = std::get_if<std::int64_t>(&now)) return *x + 1;
  if (const auto* x = std::get_if<double>(&now)) return *x / 2;
  if (k.name == "data.text") return "body";
  if (k.name == "data.label") return "mark";
  return "another";
}

std::string message_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

void read_all(const DataConfig& d) {
  if (d.language)
    read_text_corpus(d);
  else
    read_corpus(d);
}

// Their effect is on the windows that are cut later, not on what is kept.
bool behind_the_cache(const std::string& key, const DataConfig& d) {
  return key == "data.cross_documents" || (key == "data.max_length" && d.language);
}

std::vector<Task> tasks_of(const DataSet& set) {
  return set.labels ? std::vector<Task>{Task::classification, Task::language_model}
                    : std::vector<Task>{Task::language_model};
}

}  // namespace

TEST_CASE("the two tables of data sets have the same names, and their rows agree", "[data]") {
  std::vector<std::string> read;
  for (const DataReader& reader : data_readers()) read.push_back(reader.name);
  CHECK(read == data_set_names());
  CHECK(find_key("data.name")->choices == data_set_names());
  CHECK(std::set<std::string>(read.begin(), read.end()).size() == read.size());
  for (const DataReader& reader : data_readers()) {
    INFO(reader.name);
    const DataSet& set = data_set(reader.name);
    CHECK((reader.rows != nullptr) == set.rows);
    CHECK((reader.documents != nullptr) == !set.rows);
    CHECK((set.rows || !set.labels));
    CHECK((reader.places != nullptr) == !set.needs.empty());
    for (const auto* keys : {&set.keys, &set.named})
      for (const std::string& key : *keys) CHECK((find_key(key) || is_section(key)));
    for (const DataSet::Need& need : set.needs) CHECK(reads(set, need.key));
  }
}

TEST_CASE("what is said of a key holds in every data set: it decides what is read, or it does not",
          "[data]") {
  const TemporaryFolder folder;
  put_data(folder);
  for (const DataSet& set : data_sets())
    for (const Task task : tasks_of(set))
      for (const bool limited : {false, true}) {
        if (limited && !set.rows) continue;
        TrialConfig base = trial_on(set.name, task, folder);
        if (limited) {
          base.data.train_rows = 25;
          base.data.test_rows = 20;
        }
        std::set<std::string> without(set.named.begin(), set.named.end());
        for (const Unused& u : unused(base)) without.insert(u.key);
        Settings s, idle;  // idle: all that is said to have no effect, with other values
        s.trial = idle.trial = base;
        for (const Key& k : schema()) {
          if (!k.identity || !k.name.starts_with("data.") || k.name == "data.name") continue;
          INFO(set.name << " " << name(task) << (limited ? ", rows limited: " : ": ") << k.name);
          const Value value = another(k, s, folder);
          REQUIRE(value != k.get(s));
          Settings changed = s;
          k.set(changed, value);
          const bool same = describe_tokens(changed.trial.data) == describe_tokens(base.data) &&
                            corpus_files(changed.trial.data) == corpus_files(base.data);
          if (without.count(k.name)) {
            CHECK(same);
            k.set(idle, value);
          } else if (!behind_the_cache(k.name, base.data)) {
            CHECK_FALSE(same);
          }
        }
        if (set.rows && !limited) continue;
        if (set.name == "debian" && corpus_files(base.data).empty()) continue;  // apt has no lists here
        INFO(set.name << " " << name(task));
        const Dataset plain = load_dataset(base.data, folder / "plain"),
                      other = load_dataset(idle.trial.data, folder / "idle");
        CHECK(plain.tokens == other.tokens);
        CHECK(plain.content == other.content);
        CHECK(plain.cache_file.filename() == other.cache_file.filename());
      }
}

TEST_CASE("a study is refused for the files for which a trial would be, in the same words", "[data]") {
  const TemporaryFolder folder;
  put_data(folder);
  fs::create_directories(folder / "acl/train/pos");
  fs::create_directories(folder / "acl/train/neg");
  fs::create_directories(folder / "acl/test/pos");
  fs::create_directories(folder / "none");
  for (const DataSet& set : data_sets())
    for (const Task task : tasks_of(set)) {
      const DataConfig base = trial_on(set.name, task, folder).data;
      INFO(set.name << " " << name(task));
      CHECK(message_of([&] { require_corpus(base); }) == "");
      if (!set.needs.empty()) CHECK(message_of([&] { read_all(base); }) == "");
      for (const char* key : {"data.path", "data.train", "data.test"}) {
        if (!reads(set, key)) continue;
        for (const char* place : {"nowhere", "none", "acl", "a/train.csv", ""}) {
          Settings s;
          s.trial.data = base;
          find_key(key)->set(s, *place ? (folder / place).string() : std::string());
          const DataConfig& d = s.trial.data;
          const bool needed = std::any_of(set.needs.begin(), set.needs.end(),
                                          [&](const DataSet::Need& need) { return !need.given(d); });
          const bool file = std::string(place) == "a/train.csv" && std::string(key) != "data.path";
          if (file || (!*place && !needed)) continue;
          INFO(key << " " << place);
          const std::string read = message_of([&] { read_all(d); });
          CHECK(read != "");
          CHECK(message_of([&] { require_corpus(d); }) == read);
        }
      }
    }
}
