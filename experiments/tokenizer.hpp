// Texts to token numbers. 0 is kept free, 1 is an unknown word, 2.. are the vocabulary. Both kinds of
// vocabulary are learnt from the texts given, which the caller takes from the training part alone.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/config.hpp"

namespace tubal {

inline constexpr std::int32_t unknown_token = 1;

/// Changes whenever the same text could give other tokens; part of the cache's key.
inline constexpr int tokenizer_version = 4;

/// What is kept of a text that is longer than max_length tokens: its first ones (head), its last ones (tail),
/// or a quarter of the length from its start and the rest from its end (head_tail; Sun et al. 2019, arXiv
/// 1905.05583).
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
  std::vector<std::int64_t>
      offsets;  // texts + 1; every text has at least one token (unknown, where it is empty)
};

/// What a vocabulary is: one entry a line ("word" kind, by descending frequency, ties by bytes), or
/// sentencepiece's model.
struct Vocabulary {
  std::string kind, data;
  std::int32_t size = 0;  // with the two special entries
};

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

/// One text alone; an Encoder is faster for more.
std::vector<std::int32_t> encode(const Vocabulary& vocabulary, std::string_view text,
                                 const TokenLimit& limit);

}  // namespace tubal
