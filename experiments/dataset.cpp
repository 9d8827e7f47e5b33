#include "experiments/dataset.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>

#include "core/environment.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "core/sha256.hpp"
#include "experiments/corpus.hpp"
#include "experiments/dataset_image.hpp"
#include "experiments/source_digest.hpp"

namespace tubal {

namespace {

// The configuration keys that decide the tokens, as text.
std::string describe(const DataConfig& c) {
  nlohmann::json j = {{"version", tokenizer_version},       {"name", c.name},
                      {"tokenizer", c.tokenizer.kind},      {"size", c.tokenizer.vocabulary},
                      {"max_length", c.max_length},         {"truncation", c.truncation},
                      {"validation", c.validation},         {"split_seed", c.split_seed},
                      {"rows", {c.train_rows, c.test_rows}}};
  if (c.tokenizer.kind == "sentencepiece") j["model_type"] = c.tokenizer.model_type;
  if (c.name == "csv" || c.name == "jsonl") j["columns"] = {c.text, c.label};
  if (c.name == "synthetic") {
    const SyntheticConfig& s = c.synthetic;
    j["synthetic"] = {s.train, s.test, s.classes, s.words, s.length, s.noise, s.seed};
  }
  return j.dump();
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

}  // namespace

Dataset load_dataset(const DataConfig& config, const std::filesystem::path& folder) {
  const auto start = std::chrono::steady_clock::now();
  Dataset out;
  const std::filesystem::path where = folder.empty() ? cache_folder() : folder;
  std::error_code error;
  std::filesystem::create_directories(where, error);  // if it fails, build_cache() tells
  const SourceDigest sources = digest_sources(corpus_files(config), where);
  out.source_bytes = sources.bytes;
  out.cache_file =
      where / (config.name + "-" + sha256(sources.sha256 + describe(config)).substr(0, 16) + ".tokens");
  out.cached = open_cache(out.cache_file, out);
  if (!out.cached) {
    const Lock lock(where / (out.cache_file.stem().string() + ".lock"));
    if (!open_cache(out.cache_file, out)) {
      if (std::filesystem::exists(out.cache_file, error))
        std::cerr << "note: " << out.cache_file.string() << " was damaged and is made again\n";
      build_cache(config, sources.sha256, out);
    }
  }
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return out;
}

}  // namespace tubal
