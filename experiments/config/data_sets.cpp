#include "experiments/config/data_sets.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace tubal {

namespace {

using Need = DataSet::Need;

Need folder(const std::string& name) {
  return {"data.path", [](const DataConfig& d) { return !d.path.empty(); },
          "its folder, such as path: ../data/" + name};
}
Need training_file(const std::string& example) {
  return {"data.train", [](const DataConfig& d) { return !d.train.empty() || !d.train_list.empty(); },
          "the training file, such as train: " + example};
}
Need test_file(const std::string& example) {
  return {"data.test", [](const DataConfig& d) { return !d.test.empty(); },
          "the test file, such as test: " + example};
}

// Rows of two files, whose columns are named.
DataSet columns(const std::string& name) {
  return {.name = name,
          .keys = {"data.train", "data.test", "data.text", "data.label"},
          .needs = {training_file("reviews.csv"), test_file("reviews_test.csv")}};
}

bool among(const std::vector<std::string>& keys, const std::string& key) {
  return std::any_of(keys.begin(), keys.end(),
                     [&](const std::string& k) { return key == k || key.starts_with(k + "."); });
}

}  // namespace

const std::vector<DataSet>& data_sets() {
  static const std::vector<DataSet> table = {
      {.name = "imdb", .keys = {"data.path"}, .needs = {folder("imdb")}},
      {.name = "ag_news", .keys = {"data.path"}, .needs = {folder("ag_news")}},
      {.name = "debian", .named = {"data.path"}},
      columns("csv"),
      columns("jsonl"),
      {.name = "synthetic", .keys = {"data.synthetic"}},
      {.name = "text",
       .note = "plain files, for language models",
       .keys = {"data.train", "data.test", "data.documents"},
       .needs = {training_file("book.txt, or a list of them")},
       .labels = false,
       .rows = false,
       .parts = true},
  };
  return table;
}

std::vector<std::string> data_set_names() {
  std::vector<std::string> names;
  for (const DataSet& set : data_sets()) names.push_back(set.name);
  return names;
}

const DataSet& data_set(const std::string& name) {
  for (const DataSet& set : data_sets())
    if (set.name == name) return set;
  const std::vector<std::string> names = data_set_names();
  throw UsageError("data.name: `" + name + "` is no data set; there are " + join(names) + ". " +
                   did_you_mean(name, names));
}

bool reads(const DataSet& set, const std::string& key) { return among(set.keys, key); }
bool counts(const DataSet& set, const std::string& key) { return reads(set, key) || among(set.named, key); }

template <class Is>
static std::string listed(Is is) {
  std::vector<std::string> names;
  for (const DataSet& set : data_sets())
    if (is(set)) names.push_back(set.name);
  return join(names);
}
std::string sets_where(bool (*is)(const DataSet& set)) { return listed(is); }
std::string sets_with(const std::string& key) {
  return listed([&](const DataSet& set) { return reads(set, key); });
}
std::string sets_with_parts() {
  return listed([](const DataSet& set) { return set.parts; });
}

}  // namespace tubal
