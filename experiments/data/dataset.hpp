// A tokenized data set: training, validation and test parts, read from a cache file that
// all trials share by mmap.
//
// The validation part of labelled texts is a stratified share of the training rows, drawn by data.split_seed;
// that of a language model see text_corpus.hpp. The vocabulary is learnt from what remains of the training
// part: neither validation nor test texts take part, and the test part is never used to choose anything.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "experiments/config/config.hpp"
#include "experiments/text/tokenizer.hpp"

namespace tubal {

/// Views into the mapped cache; valid while the Dataset lives. Of a language model the rows are documents:
/// the first token of each is the document_token before it, and all but the part's very first token are said.
struct Part {
  std::span<const std::int32_t> tokens;    // packed
  std::span<const std::int64_t> offsets;   // rows + 1
  std::span<const std::int32_t> labels;    // none for a language model
  std::int64_t bytes = 0, characters = 0;  // of a language model's text: what all its tokens stand for
  std::size_t size() const { return offsets.empty() ? 0 : offsets.size() - 1; }
  std::size_t length(std::size_t i) const { return static_cast<std::size_t>(offsets[i + 1] - offsets[i]); }
};

struct Dataset {
  Part train, validation, test;
  std::vector<std::string> classes;  // names
  Vocabulary vocabulary;
  bool language = false;  // running text, without labels
  std::string content;    // SHA-256 of the sources
  /// SHA-256 of what is read of them: parts, classes, vocabulary; whatever the files' names.
  std::string tokens;
  std::filesystem::path cache_file;
  bool cached = false;  // it was there already
  double seconds = 0;   // reading or building
  std::int64_t source_bytes = 0;
  std::int64_t shared_texts = 0;  // test texts that also stand in the training part, word for word
  std::shared_ptr<const void> storage;
};

/// The configuration keys that decide the tokens, as text: a cache file is of one such text and of what the
/// data set's files hold.
std::string describe_tokens(const DataConfig& config);

/// Reads the cache or builds it (under a lock, written aside, renamed). A damaged cache file is built again.
/// `folder` empty: cache_folder(). Throws UsageError as read_corpus(), read_text_corpus() and tokenize() do,
/// and where a part of a language model is shorter than its context.
Dataset load_dataset(const DataConfig& config, const std::filesystem::path& folder = {});

}  // namespace tubal
