#include "experiments/tokenizer.hpp"

#include <sentencepiece_processor.h>
#include <sentencepiece_trainer.h>

#include "core/error.hpp"
#include "experiments/tokenizer_kinds.hpp"

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
  explicit Sentences(const std::vector<std::string_view>& texts) : texts_(texts) {
    std::size_t bytes = 0;
    for (const std::string_view text : texts) bytes += text.size();
    step_ = (bytes + limit - 1) / limit + (bytes == 0);
    take();
  }
  bool done() const override { return at_ >= texts_.size(); }
  void Next() override { at_ += step_, take(); }
  const std::string& value() const override { return value_; }
  sentencepiece::util::Status status() const override { return {}; }

 private:
  void take() {
    if (!done()) value_ = without_breaks(texts_[at_]);
  }
  const std::vector<std::string_view>& texts_;
  static constexpr std::size_t limit = 8 << 20;
  std::size_t at_ = 0, step_ = 1;
  std::string value_;
};

void load(sentencepiece::SentencePieceProcessor& pieces, const std::string& model) {
  const auto status = pieces.LoadFromSerializedProto(model);
  if (!status.ok()) throw Error("sentencepiece cannot read its own model: " + status.ToString());
}

}  // namespace

Vocabulary tokenize_pieces(const TokenizerConfig& config, const TokenLimit& limit,
                           const std::vector<std::string_view>& learn, Tokens& learnt,
                           const std::vector<const std::vector<std::string_view>*>& others,
                           const std::vector<Tokens*>& encoded) {
  Sentences sentences(learn);
  std::string model;
  const auto status = sentencepiece::SentencePieceTrainer::Train(
      std::unordered_map<std::string, std::string>{{"model_type", config.model_type},
                                                   {"vocab_size", std::to_string(config.vocabulary)},
                                                   {"hard_vocab_limit", "false"},
                                                   {"pad_id", "0"},
                                                   {"unk_id", "1"},
                                                   {"bos_id", "-1"},
                                                   {"eos_id", "-1"},
                                                   {"num_threads", "1"},
                                                   {"normalization_rule_name", "nmt_nfkc_cf"},
                                                   {"minloglevel", "2"},
                                                   {"max_sentence_length", "100000"},
                                                   {"input_sentence_size", "0"},
                                                   {"shuffle_input_sentence", "false"}},
      &sentences, &model);
  if (!status.ok())
    throw UsageError("data.tokenizer: sentencepiece could not learn " + std::to_string(config.vocabulary) +
                     " " + config.model_type + " pieces from the training part: " + status.ToString() +
                     " Try a smaller data.tokenizer.vocabulary.");
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
  load(*pieces, vocabulary.data);
  return [pieces](std::string_view text, const TokenLimit& limit) {
    std::vector<std::int32_t> out;
    append(*pieces, text, limit, out);
    return out;
  };
}

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
  const auto kind = config.kind == "sentencepiece" ? tokenize_pieces : tokenize_words;
  return kind(config, limit, learn, learnt, others, encoded);
}

Encode encoder(const Vocabulary& vocabulary) {
  return vocabulary.kind == "sentencepiece" ? piece_encoder(vocabulary) : word_encoder(vocabulary);
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
