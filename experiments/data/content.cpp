#include "experiments/data/content.hpp"

#include "core/build_info.hpp"
#include "core/environment.hpp"
#include "core/error.hpp"
#include "core/sha256.hpp"
#include "experiments/config/remembered_digest.hpp"
#include "experiments/data/corpus.hpp"
#include "experiments/data/dataset.hpp"
#include "experiments/data/source_digest.hpp"

namespace tubal {

DataNow::Known& DataNow::known(const DataConfig& data) {
  for (Known& k : known_)
    if (k.data == data) return k;
  known_.push_back({data, "", "", "", false});
  Known& k = known_.back();
  try {
    const fs::path where = cache_.empty() ? cache_folder() : cache_;
    std::error_code none;
    fs::create_directories(where, none);
    k.sources = digest_sources(corpus_files(data), where).sha256;
  } catch (const std::exception& e) {  // not here, or not readable: that is for who needs them
    k.problem = e.what();
  }
  return k;
}

const std::string& DataNow::sources(const DataConfig& data) { return known(data).sources; }

const std::string& DataNow::tokens(const DataConfig& data) {
  Known& k = known(data);
  if (k.tokenized || k.sources.empty()) return k.tokens;
  k.tokenized = true;
  try {
    k.tokens = load_dataset(data, cache_).tokens;
  } catch (const std::exception&) {
  }
  return k.tokens;
}

bool DataNow::same(const Content& then, const DataConfig& told, const DataConfig& now) {
  const std::string& today = sources(now);
  if (today.empty() || (then.sources.empty() && then.tokens.empty()) || then.sources == today) return true;
  if (!then.tokens.empty()) return then.tokens == tokens(now);
  // An older trial knows the files' digest alone, with the name of their folder: as that was called then.
  try {
    const fs::path folder(now.folder);
    return digest_sources(corpus_files(now), cache_.empty() ? cache_folder() : cache_, folder,
                          fs::path(told.folder).filename())
               .sha256 == then.sources;
  } catch (const std::exception&) {
    return false;
  }
}

Content content_to_record(const TrialConfig& config, const Dataset& data) {
  Content now = config.content;
  const auto refuse = [](const std::string& what, const std::string& then, const std::string& today) {
    throw UsageError(
        what + " " + words(Cause::changed) + ": SHA-256 " + short_digest(then) + " then, " +
            short_digest(today) +
            " now. `tubal run` on the study plans new trials for what it holds now; put the former "
            "content back to go on with this one.",
        Cause::changed);
  };
  if (!now.matrix.empty() && remembered_digest(config.model.transform.file) != now.matrix)
    refuse(config.model.transform.file, now.matrix, remembered_digest(config.model.transform.file));
  const bool same =
      now.tokens.empty() ? now.sources.empty() || now.sources == data.content : now.tokens == data.tokens;
  if (!same)
    refuse("the data (" + (config.data.path.empty() ? config.data.name : config.data.path) + ")",
           now.tokens.empty() ? now.sources : now.tokens, now.tokens.empty() ? data.content : data.tokens);
  if (!config.model.transform.file.empty() && now.matrix.empty())
    now.matrix = remembered_digest(config.model.transform.file);
  now.sources = data.content;
  now.tokens = data.tokens;
  if (now.build.empty())
    now.build = build_info().version + " (" + build_info().revision + "), " + build_info().compiler + " " +
                build_info().flags;
  return now;
}

}  // namespace tubal
