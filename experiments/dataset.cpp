#include "experiments/dataset.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/random.hpp"
#include "core/sha256.hpp"
#include "experiments/corpus.hpp"

namespace tubal {

namespace {

constexpr char magic[9] = "TUBALTK1";

// One part as it is written: tokens padded to 8 bytes, offsets, labels padded to 8 bytes.
struct Built {
  Tokens tokens;
  std::vector<std::int32_t> labels;
};

template <class T>
void append(std::string& out, const std::vector<T>& x) {
  out.append(reinterpret_cast<const char*>(x.data()), x.size() * sizeof(T));
  out.resize((out.size() + 7) / 8 * 8);
}

// The validation rows of each class: the first share by a random order of its rows.
std::vector<bool> validation_rows(const std::vector<std::int32_t>& labels, std::size_t classes, double share,
                                  std::uint64_t seed) {
  std::vector<bool> chosen(labels.size(), false);
  const RandomStream random(seed, Purpose::split);
  for (std::size_t k = 0; k < classes; ++k) {
    std::vector<std::pair<std::uint64_t, std::size_t>> rows;
    for (std::size_t i = 0; i < labels.size(); ++i)
      if (labels[i] == static_cast<std::int32_t>(k)) rows.emplace_back(random.bits(i), i);
    std::sort(rows.begin(), rows.end());
    const auto n = static_cast<std::size_t>(std::lround(share * static_cast<double>(rows.size())));
    for (std::size_t i = 0; i < n; ++i) chosen[rows[i].second] = true;
  }
  return chosen;
}

std::string build(const DataConfig& config, const std::string& content) {
  const Corpus corpus = read_corpus(config);
  const std::vector<bool> held =
      validation_rows(corpus.train.labels, corpus.classes.size(), config.validation, config.split_seed);
  Rows train, validation;
  for (std::size_t i = 0; i < held.size(); ++i) {
    Rows& to = held[i] ? validation : train;
    to.texts.push_back(corpus.train.texts[i]), to.labels.push_back(corpus.train.labels[i]);
  }
  if (train.texts.empty() || validation.texts.empty())
    throw UsageError("data.validation: a share of " + nlohmann::json(config.validation).dump() + " of " +
                     std::to_string(held.size()) + " training texts leaves " +
                     std::to_string(train.texts.size()) + " for training and " +
                     std::to_string(validation.texts.size()) + " for validation; both need some");
  const std::unordered_set<std::string_view> seen(corpus.train.texts.begin(), corpus.train.texts.end());
  const auto shared = std::count_if(corpus.test.texts.begin(), corpus.test.texts.end(),
                                    [&](auto text) { return seen.count(text) > 0; });
  Built parts[3];
  const Vocabulary vocabulary =
      tokenize(config.tokenizer, config.max_length, train.texts, parts[0].tokens,
               {&validation.texts, &corpus.test.texts}, {&parts[1].tokens, &parts[2].tokens});
  parts[0].labels = train.labels, parts[1].labels = validation.labels, parts[2].labels = corpus.test.labels;

  std::string data;
  nlohmann::json header = {{"classes", corpus.classes},
                           {"kind", vocabulary.kind},
                           {"vocabulary", vocabulary.size},
                           {"vocabulary_bytes", vocabulary.data.size()},
                           {"content", content},
                           {"shared_texts", shared}};
  for (const Built& part : parts) {
    header["rows"].push_back(part.labels.size());
    header["tokens"].push_back(part.tokens.tokens.size());
    append(data, part.tokens.tokens);
    append(data, part.tokens.offsets);
    append(data, part.labels);
  }
  data += vocabulary.data;
  header["sha256"] = sha256(data);
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  std::uint64_t size = text.size();
  return std::string(magic, 8) + std::string(reinterpret_cast<const char*>(&size), 8) + text + data;
}

// Fills `out` from a cache file; false where it is damaged or of another kind.
bool open_cache(const std::filesystem::path& path, Dataset& out) {
  if (!std::filesystem::exists(path)) return false;
  const auto file = MappedFile::open(path);
  std::string_view bytes = file->bytes();
  std::uint64_t size = 0;
  if (bytes.size() < 16 || std::memcmp(bytes.data(), magic, 8) != 0) return false;
  std::memcpy(&size, bytes.data() + 8, 8);
  if (size > bytes.size() - 16) return false;
  const auto header = nlohmann::json::parse(bytes.substr(16, size), nullptr, false);
  bytes.remove_prefix(16 + size);
  if (!header.is_object() || !header.contains("sha256") || header["sha256"] != sha256(bytes)) return false;
  const char* at = bytes.data();
  const auto take = [&]<class T>(std::span<const T>& span, std::size_t n) {
    span = {reinterpret_cast<const T*>(at), n};
    at += (n * sizeof(T) + 7) / 8 * 8;
  };
  Part* parts[3] = {&out.train, &out.validation, &out.test};
  for (int i = 0; i < 3; ++i) {
    const std::size_t rows = header["rows"][i];
    take(parts[i]->tokens, header["tokens"][i].get<std::size_t>());
    take(parts[i]->offsets, rows + 1);
    take(parts[i]->labels, rows);
  }
  out.vocabulary = {header["kind"], std::string(at, header["vocabulary_bytes"].get<std::size_t>()),
                    header["vocabulary"]};
  out.classes = header["classes"].get<std::vector<std::string>>();
  out.content = header["content"], out.shared_texts = header["shared_texts"];
  out.storage = file;
  return true;
}

// The configuration keys that decide the tokens, as text.
std::string describe(const DataConfig& c) {
  nlohmann::json j = {{"version", tokenizer_version},  {"name", c.name},
                      {"tokenizer", c.tokenizer.kind}, {"size", c.tokenizer.vocabulary},
                      {"max_length", c.max_length},    {"validation", c.validation},
                      {"split_seed", c.split_seed},    {"rows", {c.train_rows, c.test_rows}}};
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

}  // namespace

std::filesystem::path default_cache() {
  if (const char* folder = std::getenv("TUBAL_CACHE")) return folder;
  if (const char* folder = std::getenv("XDG_CACHE_HOME")) return std::filesystem::path(folder) / "tubal";
  if (const char* home = std::getenv("HOME")) return std::filesystem::path(home) / ".cache" / "tubal";
  return std::filesystem::temp_directory_path() / "tubal-cache";
}

Dataset load_dataset(const DataConfig& config, const std::filesystem::path& folder) {
  const auto start = std::chrono::steady_clock::now();
  Dataset out;
  Sha256 digest;
  for (const std::string& file : corpus_files(config)) {
    const auto mapped = MappedFile::open(file);
    digest.update(file.substr(file.rfind('/') + 1)).update(mapped->bytes());
    out.source_bytes += static_cast<std::int64_t>(mapped->bytes().size());
  }
  const std::string content = digest.hex();
  const std::filesystem::path where = folder.empty() ? default_cache() : folder;
  make_folder(where);
  out.cache_file = where / (config.name + "-" + sha256(content + describe(config)).substr(0, 16) + ".tokens");
  out.cached = open_cache(out.cache_file, out);
  if (!out.cached) {
    const Lock lock(where / (out.cache_file.stem().string() + ".lock"));
    if (!open_cache(out.cache_file, out)) {
      if (std::filesystem::exists(out.cache_file))
        std::cerr << "note: " << out.cache_file.string() << " was damaged and is made again\n";
      write_file(out.cache_file, build(config, content));
      if (!open_cache(out.cache_file, out))
        throw Error(out.cache_file.string() + ": cannot be read back after it was written");
    }
  }
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return out;
}

}  // namespace tubal
