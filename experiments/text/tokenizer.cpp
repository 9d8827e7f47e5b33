// The kinds of tokenizer, and what they share.
#include "experiments/text/tokenizer.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"
#include "core/text.hpp"
#include "experiments/text/tokenizer_kinds.hpp"

namespace tubal {

namespace {

enum class Entries {
  characters,
  lines,
  strings,
  own
};  // of a vocabulary's data; own: checked where it is read

struct Kind {
  const char* name;  // of the vocabulary
  Entries entries;
  const char* tokenizer;                                                              // data.tokenizer.kind
  Vocabulary (*learn)(const TokenizerConfig&, const std::vector<std::string_view>&);  // for language models
  Encode (*encoder)(const Vocabulary&);
  PieceOf (*pieces)(const Vocabulary&);
};
constexpr Kind kinds[] = {
    {"word", Entries::lines, "word", nullptr, word_encoder, word_pieces},
    {"sentencepiece", Entries::own, "sentencepiece", nullptr, piece_encoder, sentence_pieces},
    {"char", Entries::characters, "char", learn_chars, char_encoder, char_pieces},
    {"text_word", Entries::strings, "word", learn_text_words, text_word_encoder, word_pieces},
    {"text_sentencepiece", Entries::own, "sentencepiece", learn_text_pieces, text_piece_encoder,
     sentence_pieces},
};

// A vocabulary comes out of a file: what it holds need not be what was learnt.
void require_whole(const Vocabulary& v, Entries entries) {
  if (entries == Entries::own) return;
  const std::size_t bad = invalid_utf8(v.data);
  const bool characters = entries == Entries::characters;
  const char end = entries == Entries::lines ? '\n' : '\0';
  // Every byte but those that go on with a character begins one.
  const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  const auto n = characters ? std::count_if(v.data.begin(), v.data.end(), begins)
                            : std::count(v.data.begin(), v.data.end(), end);
  const bool ends = characters || v.data.empty() || v.data.back() == end;
  if (bad == std::string::npos && ends && n + 2 == v.size) return;
  throw Error("the vocabulary of " + std::to_string(v.size) + " tokens (kind `" + v.kind + "`) is damaged: " +
              (bad != std::string::npos ? "byte " + std::to_string(bad) + " of it is not UTF-8"
               : !ends                  ? "its last word has no end"
                                        : "it holds " + std::to_string(n + 2)));
}

const Kind& kind_of(const Vocabulary& vocabulary) {
  for (const Kind& kind : kinds)
    if (vocabulary.kind == kind.name) return require_whole(vocabulary, kind.entries), kind;
  throw Error("a vocabulary of the kind `" + vocabulary.kind +
              "` is unknown: was it written by a later version?");
}

const std::string replacement = "\xEF\xBF\xBD";  // U+FFFD

// Whether these bytes, which are no character yet, are the start of one.
bool may_begin(std::string_view bytes) {
  for (const char* rest : {"\x80", "\x80\x80", "\x80\x80\x80", "\xBF", "\xBF\x80", "\xBF\x80\x80"})
    if (invalid_utf8(std::string(bytes) + rest) == std::string_view::npos) return true;
  return false;
}

// Every text by a vocabulary that is learnt already.
void fill(const Encode& encode, const TokenLimit& limit, const std::vector<std::string_view>& texts,
          Tokens& out) {
  out = {{}, {0}};
  for (const std::string_view text : texts) {
    const std::vector<std::int32_t> tokens = encode(text, limit);
    out.tokens.insert(out.tokens.end(), tokens.begin(), tokens.end());
    if (tokens.empty()) out.tokens.push_back(unknown_token);
    out.offsets.push_back(static_cast<std::int64_t>(out.tokens.size()));
  }
}

}  // namespace

void cut(std::vector<std::int32_t>& tokens, std::size_t begin, const TokenLimit& limit) {
  const std::size_t n = tokens.size() - begin, most = static_cast<std::size_t>(limit.max_length);
  if (n <= most) return;
  const auto first = tokens.begin() + static_cast<std::ptrdiff_t>(begin + limit.head());
  tokens.erase(first, first + static_cast<std::ptrdiff_t>(n - most));
}

Vocabulary tokenize(const TokenizerConfig& config, const TokenLimit& limit,
                    const std::vector<std::string_view>& learn, Tokens& learnt,
                    const std::vector<const std::vector<std::string_view>*>& others,
                    const std::vector<Tokens*>& encoded) {
  if (config.kind == "char") {
    Vocabulary vocabulary = learn_chars(config, learn);
    const Encode encode = char_encoder(vocabulary);
    fill(encode, limit, learn, learnt);
    for (std::size_t i = 0; i < others.size(); ++i) fill(encode, limit, *others[i], *encoded[i]);
    return vocabulary;
  }
  const auto kind = config.kind == "sentencepiece" ? tokenize_pieces : tokenize_words;
  return kind(config, limit, learn, learnt, others, encoded);
}

Vocabulary learn_vocabulary(const TokenizerConfig& config, const std::vector<std::string_view>& texts) {
  for (const Kind& kind : kinds)
    if (config.kind == kind.tokenizer && kind.learn) return kind.learn(config, texts);
  throw Error("no tokenizer `" + config.kind + "`");
}

Encode encoder(const Vocabulary& vocabulary) { return kind_of(vocabulary).encoder(vocabulary); }

struct Decoder::Impl {
  PieceOf piece;
  std::int32_t size;
  std::string waiting;  // bytes that are no whole character yet
};

Decoder::Decoder(const Vocabulary& vocabulary)
    : impl_(new Impl{kind_of(vocabulary).pieces(vocabulary), vocabulary.size, ""}) {}
Decoder::~Decoder() = default;
Decoder::Decoder(Decoder&&) noexcept = default;

std::string Decoder::operator()(std::int32_t token) {
  if (token < 0 || token >= impl_->size)
    throw Error("token " + std::to_string(token) + " is none of the vocabulary's " +
                std::to_string(impl_->size));
  std::string& waiting = impl_->waiting;
  waiting += token == document_token ? "\n" : token == unknown_token ? replacement : impl_->piece(token);
  std::string out;
  for (;;) {
    const std::size_t whole = std::min(invalid_utf8(waiting), waiting.size());
    out += waiting.substr(0, whole);
    waiting.erase(0, whole);
    if (waiting.empty() || may_begin(waiting)) return out;
    out += replacement;
    waiting.erase(0, 1);
  }
}

std::string Decoder::end() { return std::exchange(impl_->waiting, "").empty() ? "" : replacement; }

std::string decode(const Vocabulary& vocabulary, std::span<const std::int32_t> tokens) {
  Decoder decoder(vocabulary);
  std::string text;
  for (const std::int32_t t : tokens) text += decoder(t);
  return text + decoder.end();
}

struct Encoder::Impl {
  Encode encode;
};

Encoder::Encoder(const Vocabulary& vocabulary) : impl_(new Impl{encoder(vocabulary)}) {}
Encoder::~Encoder() = default;
Encoder::Encoder(Encoder&&) noexcept = default;

std::vector<std::int32_t> Encoder::operator()(std::string_view text, const TokenLimit& limit) const {
  std::vector<std::int32_t> out = impl_->encode(text, limit);
  if (out.empty()) out.push_back(unknown_token);
  return out;
}

std::vector<std::int32_t> encode(const Vocabulary& vocabulary, std::string_view text,
                                 const TokenLimit& limit) {
  return Encoder(vocabulary)(text, limit);
}

}  // namespace tubal
