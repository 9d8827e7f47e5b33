// Texts to token numbers, and back. 0 parts documents (labelled texts have none), 1 is unknown, 2.. are the
// vocabulary. Every kind of vocabulary is learnt from the texts given, which the caller takes from the
// training part alone.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/config/config.hpp"

namespace tubal {

inline constexpr std::int32_t document_token = 0, unknown_token = 1;

/// Changes whenever the same text could give other tokens; part of the cache's key.
inline constexpr int tokenizer_version = 4;

/// What is kept of a text that is longer than max_length tokens: its first ones (head), its last
/// ones (tail), or a quarter of the length from its start and the rest from its end (head_tail; Sun
/// et al. 2019, arXiv 1905.05583).
struct TokenLimit {
  int max_length;
  std::string truncation;
  TokenLimit(int length, std::string kept = "head") : max_length(length), truncation(std::move(kept)) {}
  bool head_alone() const { return truncation == "head"; }
  /// Tokens kept of the start of a longer text.
  std::size_t head() const {
    const auto most = static_cast<std::size_t>(max_length);
    return head_alone() ? most : truncation == "tail" ? 0 : most / 4;
  }
};

/// Cuts the tokens from `begin` on.
void cut(std::vector<std::int32_t>& tokens, std::size_t begin, const TokenLimit& limit);

struct Tokens {
  std::vector<std::int32_t> tokens;
  /// Texts + 1; every text has at least one token (unknown, where it is empty).
  std::vector<std::int64_t> offsets;
};

/// What a vocabulary is, by its kind. Entries stand by descending frequency, ties by bytes.
///   word                words in lower case, one a line; marks and spaces of the text are lost
///   sentencepiece       its model; the text is folded (NFKC, lower case)
///   char                the characters (code points), one after the other
///   text_word           words with their case and the space before them, and each other character, ended by
///                       a zero byte
///   text_sentencepiece  its model, with bytes for characters that it lacks
/// The last three keep all of a text but its unknown tokens: language models have them.
struct Vocabulary {
  std::string kind, data;
  std::int32_t size = 0;  // with the two special entries
};

/// Learns what a language model reads and writes: kind char, text_word or text_sentencepiece. Throws as
/// tokenize() does.
Vocabulary learn_vocabulary(const TokenizerConfig& config, const std::vector<std::string_view>& texts);

/// Learns a vocabulary from the whole of `learn` and encodes `learn` and `others`, each text cut to `limit`.
/// Throws UsageError where sentencepiece cannot learn one (too little text for the size).
Vocabulary tokenize(const TokenizerConfig& config, const TokenLimit& limit,
                    const std::vector<std::string_view>& learn, Tokens& learnt,
                    const std::vector<const std::vector<std::string_view>*>& others,
                    const std::vector<Tokens*>& encoded);

/// A vocabulary made by tokenize(), ready to encode many texts.
class Encoder {
 public:
  explicit Encoder(const Vocabulary& vocabulary);
  ~Encoder();
  Encoder(Encoder&&) noexcept;
  /// At least one token (unknown, where the text is empty), at most limit.max_length.
  std::vector<std::int32_t> operator()(std::string_view text, const TokenLimit& limit) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Tokens back to text, one at a time: what a token adds is handed out once its characters are whole. A
/// document's end is a line break, an unknown token U+FFFD, and so are bytes that are no UTF-8.
class Decoder {
 public:
  explicit Decoder(const Vocabulary& vocabulary);
  ~Decoder();
  Decoder(Decoder&&) noexcept;
  /// Throws Error for a number that is no token.
  std::string operator()(std::int32_t token);
  /// What is left of an unfinished character.
  std::string end();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};
std::string decode(const Vocabulary& vocabulary, std::span<const std::int32_t> tokens);

/// One text alone; an Encoder is faster for more.
std::vector<std::int32_t> encode(const Vocabulary& vocabulary, std::string_view text,
                                 const TokenLimit& limit);

}  // namespace tubal
