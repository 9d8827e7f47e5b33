// What the data of a trial hold: whether a trial of the store was trained on what the files hold now.
//
// A trial's name follows from its text alone, so a study may be planned where its data are not, and studies
// keep their names when this record is new to them. What was read is recorded in config.yaml when a trial
// begins, and compared on use: the files' digest first, and where that differs the digest of what is read
// from them, so a renamed folder or a column that is not read changes nothing.
#pragma once
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "experiments/config/config.hpp"

namespace tubal {

namespace fs = std::filesystem;

class DataNow {
 public:
  /// `cache` as for load_dataset().
  explicit DataNow(fs::path cache = {}) : cache_(std::move(cache)) {}
  /// Digest of the data's files; "" where they cannot be read (now, or here).
  const std::string& sources(const DataConfig& data);
  /// Why they cannot; "" where they can.
  const std::string& problem(const DataConfig& data) { return known(data).problem; }
  /// Digest of what is read from them; tokenizes them where that has not been done. "" where that fails.
  const std::string& tokens(const DataConfig& data);
  /// The same where it is known already, else "".
  const std::string& known_tokens(const DataConfig& data) { return known(data).tokens; }
  /// Whether a trial that recorded `then` for the data set `told` read what `now` gives today. True where
  /// either is not known.
  bool same(const Content& then, const DataConfig& told, const DataConfig& now);

 private:
  struct Known {
    DataConfig data;
    std::string sources, tokens, problem;
    bool tokenized = false;
  };
  Known& known(const DataConfig& data);
  fs::path cache_;
  std::vector<Known> known_;
};

struct Dataset;
/// What a trial that begins now records: the content of its config.yaml, completed by what it reads. Throws
/// UsageError (Cause::changed) where that is not what its config.yaml names: its results would stand under
/// the name of others.
Content content_to_record(const TrialConfig& config, const Dataset& data);

}  // namespace tubal
