#include "experiments/data/corpus.hpp"

#include <algorithm>
#include <set>

#include "core/error.hpp"
#include "core/random.hpp"
#include "experiments/data/places.hpp"
#include "experiments/text/utf8.hpp"

namespace tubal {

namespace {

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
  const DataReader& reader = data_reader(d);
  if (reader.files) return reader.files(d);
  return reader.places ? files_among(reader.places(d)) : Paths{};
}

void require_corpus(const DataConfig& d) {
  const DataReader& reader = data_reader(d);
  const Paths places = reader.places ? reader.places(d) : Paths{};
  if (reader.require) return reader.require(places);
  for (const std::string& place : places) MappedFile::open(place);
}

Corpus read_corpus(const DataConfig& d) {
  const DataReader& reader = data_reader(d);
  const std::string name = "data.name: " + d.name;
  if (!reader.rows) throw UsageError(name + " has running text alone, without rows and labels.");
  const Paths places = reader.places ? reader.places(d) : Paths{};
  Corpus corpus;
  reader.rows(corpus, d, places);
  if (d.language) {
    corpus.train.labels.clear();
    corpus.test.labels.clear();
    corpus.classes.clear();
  }
  check(corpus, places.empty() ? name : places[0], places.empty() ? name : places[1]);
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
