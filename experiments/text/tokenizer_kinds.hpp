// The kinds of tokenizer behind tokenizer.hpp, one source each: tokenizer_word.cpp (word, and marks of line
// breaks), tokenizer_char.cpp (char), tokenizer_text_word.cpp (text_word, and the pieces of words),
// tokenizer_pieces.cpp (sentencepiece and text_sentencepiece). tokenizer.cpp has the table of them.
#pragma once
#include <functional>

#include "experiments/text/tokenizer.hpp"

namespace tubal {

Vocabulary tokenize_words(const TokenizerConfig& config, const TokenLimit& limit,
                          const std::vector<std::string_view>& learn, Tokens& learnt,
                          const std::vector<const std::vector<std::string_view>*>& others,
                          const std::vector<Tokens*>& encoded);

Vocabulary tokenize_pieces(const TokenizerConfig& config, const TokenLimit& limit,
                           const std::vector<std::string_view>& learn, Tokens& learnt,
                           const std::vector<const std::vector<std::string_view>*>& others,
                           const std::vector<Tokens*>& encoded);

Vocabulary learn_chars(const TokenizerConfig& config, const std::vector<std::string_view>& texts);
Vocabulary learn_text_words(const TokenizerConfig& config, const std::vector<std::string_view>& texts);
Vocabulary learn_text_pieces(const TokenizerConfig& config, const std::vector<std::string_view>& texts);

/// Length of the <br />, <br/> or <br> (any case) at the start of `text`, else 0.
std::size_t line_break(std::string_view text);

/// Encodes one text, cut to the limit; no token where it is empty.
using Encode = std::function<std::vector<std::int32_t>(std::string_view text, const TokenLimit& limit)>;
Encode word_encoder(const Vocabulary& vocabulary);
Encode piece_encoder(const Vocabulary& vocabulary);
Encode char_encoder(const Vocabulary& vocabulary);
Encode text_word_encoder(const Vocabulary& vocabulary);
Encode text_piece_encoder(const Vocabulary& vocabulary);
Encode encoder(const Vocabulary& vocabulary);  // of the vocabulary's kind

/// The text of one token, on its own.
using PieceOf = std::function<std::string(std::int32_t token)>;
PieceOf word_pieces(const Vocabulary& vocabulary);      // word, text_word
PieceOf sentence_pieces(const Vocabulary& vocabulary);  // sentencepiece, text_sentencepiece
PieceOf char_pieces(const Vocabulary& vocabulary);

}  // namespace tubal
