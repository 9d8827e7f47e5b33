#include "experiments/tokenizer.hpp"

#include <sentencepiece_processor.h>
#include <sentencepiece_trainer.h>

#include "core/error.hpp"
#include "experiments/tokenizer_kinds.hpp"

namespace tubal {

namespace {

void append(const sentencepiece::SentencePieceProcessor& pieces, std::string_view text, int max_length,
            std::vector<std::int32_t>& out) {
  std::vector<int> ids;
  pieces.Encode({text.data(), text.size()}, &ids);
  if (ids.size() > static_cast<std::size_t>(max_length)) ids.resize(static_cast<std::size_t>(max_length));
  if (ids.empty()) ids.push_back(unknown_token);
  out.insert(out.end(), ids.begin(), ids.end());
}

// The texts as sentencepiece's trainer reads them.
class Sentences : public sentencepiece::SentenceIterator {
 public:
  explicit Sentences(const std::vector<std::string_view>& texts) : texts_(texts) { take(); }
  bool done() const override { return at_ >= texts_.size(); }
  void Next() override { ++at_, take(); }
  const std::string& value() const override { return value_; }
  sentencepiece::util::Status status() const override { return {}; }

 private:
  void take() {
    if (!done()) value_ = texts_[at_];
  }
  const std::vector<std::string_view>& texts_;
  std::size_t at_ = 0;
  std::string value_;
};

void load(sentencepiece::SentencePieceProcessor& pieces, const std::string& model) {
  const auto status = pieces.LoadFromSerializedProto(model);
  if (!status.ok()) throw Error("sentencepiece cannot read its own model: " + status.ToString());
}

}  // namespace

Vocabulary tokenize_pieces(const TokenizerConfig& config, int max_length,
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
                                                   {"minloglevel", "2"},
                                                   {"max_sentence_length", "100000"},
                                                   {"input_sentence_size", "200000"},
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
      append(pieces, text, max_length, out.tokens);
      out.offsets.push_back(static_cast<std::int64_t>(out.tokens.size()));
    }
  };
  fill(learn, learnt);
  for (std::size_t i = 0; i < others.size(); ++i) fill(*others[i], *encoded[i]);
  return {"sentencepiece", model, static_cast<std::int32_t>(pieces.GetPieceSize())};
}

std::vector<std::int32_t> encode_pieces(const Vocabulary& vocabulary, std::string_view text, int max_length) {
  sentencepiece::SentencePieceProcessor pieces;
  load(pieces, vocabulary.data);
  std::vector<std::int32_t> out;
  append(pieces, text, max_length, out);
  return out;
}

Vocabulary tokenize(const TokenizerConfig& config, int max_length, const std::vector<std::string_view>& learn,
                    Tokens& learnt, const std::vector<const std::vector<std::string_view>*>& others,
                    const std::vector<Tokens*>& encoded) {
  const auto kind = config.kind == "sentencepiece" ? tokenize_pieces : tokenize_words;
  return kind(config, max_length, learn, learnt, others, encoded);
}

std::vector<std::int32_t> encode(const Vocabulary& vocabulary, std::string_view text, int max_length) {
  return (vocabulary.kind == "sentencepiece" ? encode_pieces : encode_words)(vocabulary, text, max_length);
}

}  // namespace tubal
