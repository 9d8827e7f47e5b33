// sentencepiece: pieces of folded text for classifiers, of the text as it stands for language models.
#include <sentencepiece_processor.h>
#include <sentencepiece_trainer.h>

#include "core/error.hpp"
#include "experiments/text/tokenizer.hpp"
#include "experiments/text/tokenizer_kinds.hpp"

namespace tubal {

namespace {

// <br />, <br/> and <br> become a space, as for words.
std::string without_breaks(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t tag = std::min(text.find('<', at), text.size());
    out.append(text, at, tag - at);
    at = tag;
    if (at == text.size()) break;
    const std::size_t n = line_break(text.substr(at));
    out += n ? ' ' : '<';
    at += n ? n : 1;
  }
  return out;
}

void append(const sentencepiece::SentencePieceProcessor& pieces, std::string_view text,
            const TokenLimit& limit, std::vector<std::int32_t>& out) {
  std::vector<int> ids;
  pieces.Encode(without_breaks(text), &ids);
  const std::size_t begin = out.size();
  out.insert(out.end(), ids.begin(), ids.end());
  cut(out, begin, limit);
}

// The texts as sentencepiece's trainer reads them: every k-th one, so that they come to about 8 MB. Learning
// pieces takes some 3 s a megabyte, and frequent pieces are settled long before that.
class Sentences : public sentencepiece::SentenceIterator {
 public:
  explicit Sentences(const std::vector<std::string_view>& texts, bool as_they_stand = false)
      : texts_(texts), as_they_stand_(as_they_stand) {
    std::size_t bytes = 0;
    for (const std::string_view text : texts) bytes += text.size();
    step_ = (bytes + limit - 1) / limit + (bytes == 0);
    take();
  }
  bool done() const override { return at_ >= texts_.size(); }
  void Next() override {
    at_ += step_;
    take();
  }
  const std::string& value() const override { return value_; }
  sentencepiece::util::Status status() const override { return {}; }

 private:
  void take() {
    if (!done()) value_ = as_they_stand_ ? std::string(texts_[at_]) : without_breaks(texts_[at_]);
  }
  const std::vector<std::string_view>& texts_;
  bool as_they_stand_;
  static constexpr std::size_t limit = 8 << 20;
  std::size_t at_ = 0, step_ = 1;
  std::string value_;
};

void load(sentencepiece::SentencePieceProcessor& pieces, const std::string& model) {
  std::string why;
  try {
    const auto status = pieces.LoadFromSerializedProto(model);
    if (!status.ok()) why = status.ToString();
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& e) {  // its trie's, of a damaged model: a piece that begins with a zero byte
    why = e.what();
  }
  if (!why.empty()) throw Error("sentencepiece cannot read its own model: " + why);
}
void load(sentencepiece::SentencePieceProcessor& pieces, const Vocabulary& vocabulary) {
  load(pieces, vocabulary.data);
  if (pieces.GetPieceSize() != vocabulary.size)
    throw Error("the vocabulary of " + std::to_string(vocabulary.size) + " tokens (kind `" + vocabulary.kind +
                "`) is damaged: it holds " + std::to_string(pieces.GetPieceSize()));
}

using Options = std::unordered_map<std::string, std::string>;

std::string train(const TokenizerConfig& config, Sentences& sentences, const Options& own) {
  Options options = {{"model_type", config.model_type},
                     {"vocab_size", std::to_string(config.vocabulary)},
                     {"hard_vocab_limit", "false"},
                     {"pad_id", "0"},
                     {"unk_id", "1"},
                     {"bos_id", "-1"},
                     {"eos_id", "-1"},
                     {"num_threads", "1"},
                     {"minloglevel", "2"},
                     {"max_sentence_length", "100000"},
                     {"input_sentence_size", "0"},
                     {"shuffle_input_sentence", "false"}};
  options.insert(own.begin(), own.end());
  std::string model;
  const auto status = sentencepiece::SentencePieceTrainer::Train(options, &sentences, &model);
  if (!status.ok())
    throw UsageError("data.tokenizer: sentencepiece could not learn " + std::to_string(config.vocabulary) +
                     " " + config.model_type + " pieces from the training part: " + status.ToString() +
                     " Try a smaller data.tokenizer.vocabulary.");
  return model;
}

// Line by line, ends included; longer stretches are cut at their last space. Pieces do not reach over a cut.
template <class F>
void each_stretch(std::string_view text, F f) {
  constexpr std::size_t longest = 1 << 14;
  while (!text.empty()) {
    std::size_t n = std::min(text.find('\n'), text.size() - 1) + 1;
    if (n > longest) {
      n = text.rfind(' ', longest);
      if (n == text.npos || n == 0) n = longest;
      while ((text[n] & 0xC0) == 0x80) ++n;  // not inside a character
    }
    f(text.substr(0, n));
    text.remove_prefix(n);
  }
}

}  // namespace

Vocabulary tokenize_pieces(const TokenizerConfig& config, const TokenLimit& limit,
                           const std::vector<std::string_view>& learn, Tokens& learnt,
                           const std::vector<const std::vector<std::string_view>*>& others,
                           const std::vector<Tokens*>& encoded) {
  Sentences sentences(learn);
  const std::string model = train(config, sentences, {{"normalization_rule_name", "nmt_nfkc_cf"}});
  sentencepiece::SentencePieceProcessor pieces;
  load(pieces, model);
  const auto fill = [&](const std::vector<std::string_view>& texts, Tokens& out) {
    out = {{}, {0}};
    for (const std::string_view text : texts) {
      append(pieces, text, limit, out.tokens);
      if (static_cast<std::int64_t>(out.tokens.size()) == out.offsets.back())
        out.tokens.push_back(unknown_token);
      out.offsets.push_back(static_cast<std::int64_t>(out.tokens.size()));
    }
  };
  fill(learn, learnt);
  for (std::size_t i = 0; i < others.size(); ++i) fill(*others[i], *encoded[i]);
  return {"sentencepiece", model, static_cast<std::int32_t>(pieces.GetPieceSize())};
}

Encode piece_encoder(const Vocabulary& vocabulary) {
  const auto pieces = std::make_shared<sentencepiece::SentencePieceProcessor>();
  load(*pieces, vocabulary);
  return [pieces](std::string_view text, const TokenLimit& limit) {
    std::vector<std::int32_t> out;
    append(*pieces, text, limit, out);
    return out;
  };
}

Vocabulary learn_text_pieces(const TokenizerConfig& config, const std::vector<std::string_view>& texts) {
  std::vector<std::string_view> stretches;
  for (const std::string_view text : texts)
    each_stretch(text, [&](std::string_view stretch) { stretches.push_back(stretch); });
  Sentences sentences(stretches, true);
  const std::string model = train(config, sentences,
                                  {{"normalization_rule_name", "identity"},
                                   {"remove_extra_whitespaces", "false"},
                                   {"add_dummy_prefix", "false"},
                                   {"byte_fallback", "true"}});
  sentencepiece::SentencePieceProcessor pieces;
  load(pieces, model);
  return {"text_sentencepiece", model, static_cast<std::int32_t>(pieces.GetPieceSize())};
}

Encode text_piece_encoder(const Vocabulary& vocabulary) {
  const auto pieces = std::make_shared<sentencepiece::SentencePieceProcessor>();
  load(*pieces, vocabulary);
  return [pieces](std::string_view text, const TokenLimit& limit) {
    std::vector<std::int32_t> out;
    std::vector<int> ids;
    each_stretch(text, [&](std::string_view stretch) {
      pieces->Encode({stretch.data(), stretch.size()}, &ids);
      out.insert(out.end(), ids.begin(), ids.end());
    });
    cut(out, 0, limit);
    return out;
  };
}

PieceOf sentence_pieces(const Vocabulary& vocabulary) {
  const auto pieces = std::make_shared<sentencepiece::SentencePieceProcessor>();
  load(*pieces, vocabulary);
  return [pieces](std::int32_t token) -> std::string {
    const std::string& piece = pieces->IdToPiece(token);
    if (pieces->IsByte(token))  // <0x0A>
      return std::string(1, static_cast<char>(std::stoi(piece.substr(3, 2), nullptr, 16)));
    if (pieces->IsControl(token) || pieces->IsUnused(token)) return "";
    std::string text;
    const std::string space = "\xE2\x96\x81";  // U+2581 stands for a space
    for (std::size_t at = 0; at < piece.size();) {
      const bool is_space = piece.compare(at, space.size(), space) == 0;
      text += is_space ? ' ' : piece[at];
      at += is_space ? space.size() : 1;
    }
    return text;
  };
}

}  // namespace tubal
