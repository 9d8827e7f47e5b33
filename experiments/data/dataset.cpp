#include "experiments/data/dataset.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "core/clock.hpp"
#include "core/environment.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "core/sha256.hpp"
#include "experiments/config/data_sets.hpp"
#include "experiments/data/corpus.hpp"
#include "experiments/data/dataset_image.hpp"
#include "experiments/data/readers.hpp"
#include "experiments/data/source_digest.hpp"

namespace tubal {

namespace {

// The configuration keys that decide the tokens of running text, which is cut into windows later: the context
// takes no part.
nlohmann::json describe_text(const DataConfig& c) {
  const bool rows = data_set(c.name).rows;
  const int train = rows ? c.train_rows : 0, test = rows ? c.test_rows : 0;
  nlohmann::json j = {
      {"version", tokenizer_version},  {"task", "language_model"},       {"name", c.name},
      {"tokenizer", c.tokenizer.kind}, {"size", c.tokenizer.vocabulary}, {"validation", c.validation},
      {"rows", {train, test}}};
  if (c.tokenizer.kind == "sentencepiece") j["model_type"] = c.tokenizer.model_type;
  if (train > 0 || test > 0) j["split_seed"] = c.split_seed;
  return j;
}

nlohmann::json describe_rows(const DataConfig& c) {
  nlohmann::json j = {{"version", tokenizer_version},       {"name", c.name},
                      {"tokenizer", c.tokenizer.kind},      {"size", c.tokenizer.vocabulary},
                      {"max_length", c.max_length},         {"truncation", c.truncation},
                      {"validation", c.validation},         {"split_seed", c.split_seed},
                      {"rows", {c.train_rows, c.test_rows}}};
  if (c.tokenizer.kind == "sentencepiece") j["model_type"] = c.tokenizer.model_type;
  return j;
}

// Held while a cache file is built, so that trials that start together build it once.
class Lock {
 public:
  explicit Lock(const std::filesystem::path& path)
      : file_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
    if (file_ >= 0) flock(file_, LOCK_EX);
  }
  ~Lock() {
    if (file_ >= 0) close(file_);
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  int file_;
};

bool open_cache(const std::filesystem::path& path, Dataset& out) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return false;
  const auto file = MappedFile::open(path);
  return open_image(file->bytes(), file, out);
}

void build_cache(const DataConfig& config, const std::string& content, Dataset& out) {
  std::string image = make_image(config, content);
  try {
    write_file(out.cache_file, image);
    if (open_cache(out.cache_file, out)) return;
  } catch (const Error& e) {
    std::cerr << "note: tokenized data are not kept: " << e.what() << " (TUBAL_CACHE names another folder)\n";
  }
  const auto kept = std::make_shared<const std::string>(std::move(image));
  open_image(*kept, kept, out);
}

// A window needs data.max_length tokens and the one that follows.
void check_lengths(const DataConfig& config, const Dataset& data) {
  const auto check = [&](const Part& part, const char* which) {
    const std::size_t n = part.tokens.size();
    if (n == 0 || n > static_cast<std::size_t>(config.max_length)) return;
    throw UsageError("", 0, "data.max_length",
                     "a context of " + std::to_string(config.max_length) + " tokens needs " +
                         std::to_string(config.max_length + 1) + " in each part, and the " + which +
                         " part has " + std::to_string(n) + "; use more text, or a context of at most " +
                         std::to_string(n - 1) + ".");
  };
  check(data.train, "training");
  check(data.validation, "validation");
  check(data.test, "test");
}

}  // namespace

std::string describe_tokens(const DataConfig& c) {
  nlohmann::json j = c.language ? describe_text(c) : describe_rows(c);
  if (const auto more = data_reader(c).describe) more(c, j);
  return j.dump();
}

Dataset load_dataset(const DataConfig& config, const std::filesystem::path& folder) {
  const double start = seconds_now();
  Dataset out;
  const std::filesystem::path where = folder.empty() ? cache_folder() : folder;
  std::error_code error;
  std::filesystem::create_directories(where, error);  // if it fails, build_cache() tells
  const SourceDigest sources = digest_sources(corpus_files(config), where);
  out.source_bytes = sources.bytes;
  out.cache_file = where / (config.name + "-" +
                            sha256(sources.sha256 + describe_tokens(config)).substr(0, 16) + ".tokens");
  out.cached = open_cache(out.cache_file, out);
  if (!out.cached) {
    const Lock lock(where / (out.cache_file.stem().string() + ".lock"));
    if (!open_cache(out.cache_file, out)) {
      if (std::filesystem::exists(out.cache_file, error))
        std::cerr << "note: " << out.cache_file.string() << " was damaged and is made again\n";
      build_cache(config, sources.sha256, out);
    }
  }
  if (config.language) check_lengths(config, out);
  out.seconds = seconds_now() - start;
  return out;
}

}  // namespace tubal
