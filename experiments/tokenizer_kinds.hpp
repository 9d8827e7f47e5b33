// The kinds of tokenizer behind tokenizer.hpp, one file each.
#pragma once
#include "experiments/tokenizer.hpp"

namespace tubal {

Vocabulary tokenize_words(const TokenizerConfig& config, int max_length,
                          const std::vector<std::string_view>& learn, Tokens& learnt,
                          const std::vector<const std::vector<std::string_view>*>& others,
                          const std::vector<Tokens*>& encoded);
std::vector<std::int32_t> encode_words(const Vocabulary& vocabulary, std::string_view text, int max_length);

Vocabulary tokenize_pieces(const TokenizerConfig& config, int max_length,
                           const std::vector<std::string_view>& learn, Tokens& learnt,
                           const std::vector<const std::vector<std::string_view>*>& others,
                           const std::vector<Tokens*>& encoded);
std::vector<std::int32_t> encode_pieces(const Vocabulary& vocabulary, std::string_view text, int max_length);

}  // namespace tubal
