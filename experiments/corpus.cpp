#include "experiments/corpus.hpp"

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <set>

#include "core/error.hpp"
#include "core/random.hpp"

namespace tubal {

namespace fs = std::filesystem;

namespace {

bool is_number(const std::string& s) {
  const std::size_t sign = !s.empty() && s[0] == '-';
  return s.size() > sign && std::all_of(s.begin() + static_cast<std::ptrdiff_t>(sign), s.end(),
                                        [](char c) { return c >= '0' && c <= '9'; });
}

// Classes in the order of their names, whole numbers by value, so that numbering does not depend on the rows'
// order.
void sort_classes(Corpus& corpus) {
  const bool numbers = std::all_of(corpus.classes.begin(), corpus.classes.end(),
                                   [](const auto& s) { return is_number(s) && s.size() < 18; });
  std::vector<std::int32_t> order(corpus.classes.size()), place(order.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](auto a, auto b) {
    const std::string &x = corpus.classes[a], &y = corpus.classes[b];
    return numbers ? std::stoll(x) < std::stoll(y) : x < y;
  });
  std::vector<std::string> sorted;
  for (std::size_t i = 0; i < order.size(); ++i)
    place[order[i]] = static_cast<std::int32_t>(i), sorted.push_back(corpus.classes[order[i]]);
  corpus.classes = sorted;
  for (Rows* rows : {&corpus.train, &corpus.test})
    for (std::int32_t& label : rows->labels) label = place[label];
}

// At most `most` rows, drawn by the seed, in their order.
void limit(Rows& rows, int most, std::uint64_t seed, std::uint64_t part) {
  if (most <= 0 || rows.texts.size() <= static_cast<std::size_t>(most)) return;
  const RandomStream random(seed, Purpose::sample, part);
  std::vector<std::pair<std::uint64_t, std::size_t>> order;
  for (std::size_t i = 0; i < rows.texts.size(); ++i) order.emplace_back(random.bits(i), i);
  std::sort(order.begin(), order.end());
  std::vector<std::size_t> chosen;
  for (int i = 0; i < most; ++i) chosen.push_back(order[i].second);
  std::sort(chosen.begin(), chosen.end());
  Rows kept;
  for (const std::size_t i : chosen)
    kept.texts.push_back(rows.texts[i]), kept.labels.push_back(rows.labels[i]);
  rows = std::move(kept);
}

void check(const Corpus& corpus, const std::string& where) {
  if (corpus.train.texts.empty()) throw UsageError(where + ": the training part holds no text");
  if (corpus.test.texts.empty()) throw UsageError(where + ": the test part holds no text");
  const std::set<std::int32_t> train(corpus.train.labels.begin(), corpus.train.labels.end());
  if (train.size() < 2)
    throw UsageError(where + ": all " + std::to_string(corpus.train.texts.size()) +
                     " training texts have one class, `" + corpus.classes[*train.begin()] +
                     "`; a classifier needs two or more");
  for (const std::int32_t label : corpus.test.labels)
    if (!train.count(label))
      throw UsageError(where + ": the test part has the class `" + corpus.classes[label] +
                       "`, which no training text has");
}

// Where a data set lies: a folder, or the two files of csv and jsonl.
std::string part(const DataConfig& d, const char* which) {
  const bool train = std::string(which) == "train";
  if (d.name == "csv" || d.name == "jsonl") {
    const std::string& file = train ? d.train : d.test;
    if (file.empty())
      throw UsageError(std::string("data.") + which + ": missing; data.name " + d.name +
                       " needs the files train and test");
    return resolve(d, file);
  }
  if (d.path.empty())
    throw UsageError("data.path: missing; data.name " + d.name +
                     " needs the folder with its train and test parts");
  const fs::path folder = resolve(d, d.path);
  if (!fs::exists(folder))
    throw UsageError("data.path: " + folder.string() + ": no such folder." + nearby_files(folder));
  if (d.name == "imdb" && fs::is_directory(folder / which)) return folder / which;
  return folder / (std::string(which) + ".csv");
}

}  // namespace

std::vector<std::string> corpus_files(const DataConfig& d) {
  if (d.name == "synthetic") return {};
  std::vector<std::string> files;
  if (d.name == "debian") {
    for (const auto& entry :
         fs::directory_iterator("/var/lib/apt/lists", fs::directory_options::skip_permission_denied))
      if (entry.is_regular_file() && entry.path().filename().string().find("_Packages") != std::string::npos)
        files.push_back(entry.path());
  } else {
    for (const char* which : {"train", "test"}) {
      const std::string path = part(d, which);
      if (!fs::is_directory(path)) {
        files.push_back(path);
        continue;
      }
      for (const auto& entry : fs::recursive_directory_iterator(path))
        if (entry.path().extension() == ".txt") files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

Corpus read_corpus(const DataConfig& d) {
  Corpus corpus;
  if (d.name == "debian") {
    read_debian(corpus);
  } else if (d.name == "synthetic") {
    make_synthetic(corpus, d.synthetic);
  } else {
    for (const char* which : {"train", "test"}) {
      Rows& rows = std::string(which) == "train" ? corpus.train : corpus.test;
      const std::string path = part(d, which);
      if (d.name == "imdb" && fs::is_directory(path))
        read_acl_folder(corpus, rows, path);
      else if (d.name == "imdb")
        read_labelled_csv(corpus, rows, path, "text", "label");
      else if (d.name == "ag_news")
        read_ag_news_csv(corpus, rows, path);
      else if (d.name == "csv")
        read_labelled_csv(corpus, rows, path, d.text, d.label);
      else if (d.name == "jsonl")
        read_jsonl(corpus, rows, path, d.text, d.label);
      else
        throw UsageError("data.name: `" + d.name +
                         "` is no data set; there are imdb, ag_news, debian, csv, jsonl, synthetic. " +
                         did_you_mean(d.name, {"imdb", "ag_news", "debian", "csv", "jsonl", "synthetic"}));
    }
    if (!corpus.classes.empty() && corpus.classes[0] != "World" && corpus.classes[0] != "negative")
      sort_classes(corpus);
  }
  check(corpus, "data.name: " + d.name);
  limit(corpus.train, d.train_rows, d.split_seed, 0);
  limit(corpus.test, d.test_rows, d.split_seed, 1);
  check(corpus, "data.name: " + d.name);
  return corpus;
}

}  // namespace tubal
