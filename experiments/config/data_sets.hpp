// The data sets that data.name may name, a row each: what a set asks of a configuration, and what it serves.
// The schema, the keys without effect, the problems of a plan and the options of `tubal data` follow from it.
// How each is read: data/readers.hpp, which has a row for the same names in the same order.
#pragma once
#include <string>
#include <vector>

#include "experiments/config/config.hpp"

namespace tubal {

struct DataSet {
  struct Need {
    const char* key;
    bool (*given)(const DataConfig&);
    std::string what;  // "its folder, such as path: ../data/imdb"
  };
  std::string name;
  std::string note = {};               // for the help of data.name, where the name does not say it
  std::vector<std::string> keys = {};  // keys and sections of data.* that only some sets read, this one too
  // Keys without effect, yet part of trials' names since these were first given.
  std::vector<std::string> named = {};
  std::vector<Need> needs = {};  // keys that have to be given
  bool labels = true;            // false: running text, which has none, for language models alone
  bool rows = true;    // texts: data.train_rows and data.test_rows count them, data.split_seed draws
  bool parts = false;  // lists of files for training, a file for validation, a share for testing
};
const std::vector<DataSet>& data_sets();
std::vector<std::string> data_set_names();
/// Throws UsageError that names all sets where there is none of this name.
const DataSet& data_set(const std::string& name);

bool reads(const DataSet& set, const std::string& key);
/// Whether it is part of a trial's name: what the set reads, and `named`.
bool counts(const DataSet& set, const std::string& key);
/// "csv, jsonl": the sets for which `is` holds.
std::string sets_where(bool (*is)(const DataSet& set));
/// Those that read the key.
std::string sets_with(const std::string& key);
/// Those of running text: with lists of files, a file for validation and a share for testing.
std::string sets_with_parts();

}  // namespace tubal
