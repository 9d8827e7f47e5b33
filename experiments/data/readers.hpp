// How each data set is read: a row each, whose functions lie in a file of sets/ of its name. What a data set
// asks of a configuration: config/data_sets.hpp, which has a row for the same names in the same order.
#pragma once
#include <deque>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/data/corpus.hpp"
#include "experiments/data/data_hint.hpp"
#include "experiments/data/text_corpus.hpp"

namespace tubal {

using Paths = std::vector<std::string>;

struct DataReader {
  const char* name = "";
  /// Files or folders of its parts, absolute, the training part first. Throws UsageError for a key that is
  /// missing and a folder that is none. Null: there are none.
  Paths (*places)(const DataConfig&) = nullptr;
  /// All files, in the order in which they are digested. Null: the places that are files, sorted.
  Paths (*files)(const DataConfig&) = nullptr;
  /// Refuses places that cannot be read. Null: each has to be a file that opens.
  void (*require)(const Paths& places) = nullptr;
  /// Rows of both parts, and the names of classes, into an empty corpus. Null: running text alone.
  void (*rows)(Corpus&, const DataConfig&, const Paths& places) = nullptr;
  /// Documents of all three parts into an empty corpus. Null: each row's text is one.
  void (*documents)(TextCorpus&, const DataConfig&) = nullptr;
  /// A row's text as a language model reads it, in the arena where that is another. Null: as it is.
  std::string_view (*plain)(std::string_view text, std::deque<std::string>& arena) = nullptr;
  /// Rows, classes and words before reading. Null: not known.
  DataHint (*hint)(const DataConfig&) = nullptr;
  /// Bytes of running text in each part. Null: from the hint, or from the sizes of the places.
  PartBytes (*bytes)(const DataConfig&) = nullptr;
  /// Adds the values of its own keys that decide the tokens, so that a cache is of one configuration.
  void (*describe)(const DataConfig&, nlohmann::json&) = nullptr;
};
const std::vector<DataReader>& data_readers();
/// Throws UsageError where no data set has data.name.
const DataReader& data_reader(const DataConfig& data);

}  // namespace tubal
