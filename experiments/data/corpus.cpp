#include "experiments/data/corpus.hpp"

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <set>

#include "core/error.hpp"
#include "core/random.hpp"
#include "experiments/data/csv_rows.hpp"
#include "experiments/data/debian_packages.hpp"
#include "experiments/data/jsonl_rows.hpp"
#include "experiments/data/review_folder.hpp"
#include "experiments/data/synthetic_rows.hpp"
#include "experiments/text/utf8.hpp"

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
  for (LabelledTexts* rows : {&corpus.train, &corpus.test})
    for (std::int32_t& label : rows->labels) label = place[label];
}

// At most `most` rows, drawn by the seed, in their order.
void limit(LabelledTexts& rows, int most, std::uint64_t seed, std::uint64_t part) {
  if (most <= 0 || rows.texts.size() <= static_cast<std::size_t>(most)) return;
  const RandomStream random(seed, Purpose::sample, part);
  std::vector<std::pair<std::uint64_t, std::size_t>> order;
  for (std::size_t i = 0; i < rows.texts.size(); ++i) order.emplace_back(random.bits(i), i);
  std::sort(order.begin(), order.end());
  std::vector<std::size_t> chosen;
  for (int i = 0; i < most; ++i) chosen.push_back(order[i].second);
  std::sort(chosen.begin(), chosen.end());
  LabelledTexts kept;
  for (const std::size_t i : chosen) {
    kept.texts.push_back(rows.texts[i]);
    if (!rows.labels.empty()) kept.labels.push_back(rows.labels[i]);
  }
  rows = std::move(kept);
}

const std::vector<std::string> names = {"imdb", "ag_news", "debian", "csv", "jsonl", "synthetic", "text"};

// Where a part lies: a file, or a folder (aclImdb).
std::string part(const DataConfig& d, const std::string& which) {
  if (d.name == "debian") return "data.name: debian";
  if (d.name == "synthetic") return "data.name: synthetic";
  if (std::find(names.begin(), names.end(), d.name) == names.end())
    throw UsageError("data.name: `" + d.name + "` is no data set; there are " + join(names) + ". " +
                     did_you_mean(d.name, names));
  if (d.name == "csv" || d.name == "jsonl") {
    const std::string& file = which == "train" ? d.train : d.test;
    if (file.empty())
      throw UsageError("data." + which + ": missing; data.name: " + d.name +
                       " needs a file for each of data.train and data.test.");
    return resolve(d, file);
  }
  if (d.path.empty())
    throw UsageError("data.path: missing; data.name: " + d.name +
                     " needs the folder that holds its training and test parts.");
  fs::path folder = resolve(d, d.path);
  if (!fs::exists(folder))
    throw UsageError("data.path: " + folder.string() + ": no such folder." + nearby_files(folder));
  if (!fs::is_directory(folder))
    throw UsageError("data.path: " + folder.string() +
                     ": is a file; name the folder that holds train.csv and test.csv.");
  if (d.name == "imdb" && fs::is_directory(folder / "aclImdb")) folder /= "aclImdb";
  if (d.name == "imdb" && fs::is_directory(folder / which)) return folder / which;
  return folder / (which + ".csv");
}

void check(const Corpus& corpus, const std::string& train, const std::string& test) {
  const auto present = [&](const LabelledTexts& rows) {
    return std::set<std::int32_t>(rows.labels.begin(), rows.labels.end());
  };
  if (corpus.train.texts.empty()) throw UsageError(train + ": the training part holds no text.");
  if (corpus.test.texts.empty()) throw UsageError(test + ": the test part holds no text.");
  if (corpus.train.labels.empty()) return;
  const auto learnt = present(corpus.train), asked = present(corpus.test);
  if (learnt.size() < 2)
    throw UsageError(train + ": all " + std::to_string(corpus.train.texts.size()) +
                     " training texts have one class, `" + corpus.classes[*learnt.begin()] +
                     "`; a classifier needs two or more.");
  for (const std::int32_t label : asked)
    if (!learnt.count(label))
      throw UsageError(test + ": the test part has the class `" + corpus.classes[label] +
                       "`, which no training text has; do both files belong to one data set?");
  for (const std::int32_t label : learnt)
    if (!asked.count(label))
      throw UsageError(
          test + ": the test part has no text of the class `" + corpus.classes[label] +
          "`, so its accuracy would not cover it. Add some, or leave the class out of the training part.");
}

}  // namespace

std::vector<std::string> corpus_files(const DataConfig& d) {
  std::vector<std::string> files;
  std::error_code missing;
  const auto take = [&](const fs::path& folder, const auto& wanted) {
    for (const auto& entry : fs::directory_iterator(folder, missing))
      if (wanted(entry.path())) files.push_back(entry.path());
  };
  if (d.name == "synthetic") return {};
  if (d.name == "text") {  // in the order of the stream
    files = train_files(d);
    for (const std::string& file : {d.validation_file, d.test})
      if (!file.empty()) files.push_back(resolve(d, file));
    return files;
  }
  if (d.name == "debian") {
    take("/var/lib/apt/lists",
         [](const fs::path& f) { return f.filename().string().find("_Packages") != std::string::npos; });
  } else {
    for (const char* which : {"train", "test"}) {
      const fs::path path = part(d, which);
      if (!fs::is_directory(path))
        files.push_back(path);
      else
        for (const char* side : {"neg", "pos"})
          take(path / side, [](const fs::path& f) { return f.extension() == ".txt"; });
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

void require_corpus(const DataConfig& d) {
  if (d.name == "debian" || d.name == "synthetic") return;
  if (d.name == "text") {
    for (const std::string& file : corpus_files(d)) MappedFile::open(file);
    return;
  }
  for (const char* which : {"train", "test"})
    if (const std::string path = part(d, which); !fs::is_directory(path)) MappedFile::open(path);
}

Corpus read_corpus(const DataConfig& d) {
  Corpus corpus;
  if (d.name == "imdb") corpus.classes = {"negative", "positive"}, corpus.fixed = true;
  if (d.name == "ag_news") corpus.classes = {"World", "Sports", "Business", "Sci/Tech"}, corpus.fixed = true;
  const std::string train = part(d, "train"), test = part(d, "test");
  const auto labels = [&](Columns::Names columns) { return d.language ? Columns::Names{} : columns; };
  if (d.name == "debian")
    read_debian(corpus, corpus_files(d));
  else if (d.name == "synthetic")
    make_synthetic(corpus, d.synthetic);
  else
    for (const auto& [path, rows] : {std::pair{&train, &corpus.train}, {&test, &corpus.test}}) {
      if (d.name == "imdb" && fs::is_directory(*path))
        read_acl_folder(corpus, *rows, *path);
      else if (d.name == "imdb")
        read_labelled_csv(corpus, *rows, *path,
                          {{"text", "review"}, labels({"label", "sentiment"}), false, train, test});
      else if (d.name == "ag_news")
        read_ag_news_csv(corpus, *rows, *path, {{"text"}, {"label"}, false, train, test});
      else if (d.name == "csv")
        read_labelled_csv(corpus, *rows, *path, {{d.text}, labels({d.label}), true, train, test});
      else
        read_jsonl(corpus, *rows, *path, d.text, d.language ? "" : d.label);
    }
  if (d.language) {
    corpus.train.labels.clear(), corpus.test.labels.clear(), corpus.classes.clear();
  } else if (d.name == "csv" || d.name == "jsonl") {
    sort_classes(corpus);
  }
  check(corpus, train, test);
  limit(corpus.train, d.train_rows, d.split_seed, 0);
  limit(corpus.test, d.test_rows, d.split_seed, 1);
  if (!d.language &&
      std::set<std::int32_t>(corpus.train.labels.begin(), corpus.train.labels.end()).size() < 2)
    throw UsageError("data.train_rows: the " + std::to_string(d.train_rows) +
                     " training texts drawn have one class; draw more.");
  return corpus;
}

std::string_view open_rows(Corpus& corpus, const std::string& file) {
  corpus.files.push_back(MappedFile::open(file));
  std::string_view bytes = corpus.files.back()->bytes();
  if (bytes.substr(0, 3) == "\xEF\xBB\xBF") bytes.remove_prefix(3);
  require_utf8(bytes, file);
  return bytes;
}

}  // namespace tubal
