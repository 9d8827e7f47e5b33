// A finished trial as a language model: it goes on with texts, and says how likely they are.
//
// A text begins as its training texts did: behind the token that parts documents, which is never printed. The
// model sees data.max_length tokens at most. Where a text grows beyond them it reads the last half of them
// again, as a text that begins there, and goes on from that: each token is told by at least half of them.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/inference/sampling.hpp"
#include "experiments/inference/stored_model.hpp"
#include "layers/model/generation.hpp"

namespace tubal {

class LanguageModel {
 public:
  /// Throws UsageError where it is a classifier, Error where the file of the model is damaged.
  explicit LanguageModel(const StoredModel& stored);

  int context() const { return context_; }
  const Vocabulary& vocabulary() const { return vocabulary_; }
  Model<float>& model() { return model_; }
  /// Tokens that stand before every text; at least one.
  std::span<const std::int32_t> opening() const { return opening_; }
  /// Tokens that are not drawn: those that stand for no text of the training part.
  std::vector<std::int32_t> never() const;

  /// The tokens of valid UTF-8, without the opening; `unknown`: how many the vocabulary lacks.
  std::vector<std::int32_t> tokens(std::string_view text, std::size_t* unknown = nullptr) const;
  /// The first character of `text` that is none of the vocabulary's, where that is
  /// one of characters; else "".
  std::string_view unknown_character(std::string_view text) const;

  /// log P of a text, given that one begins: the sum over its tokens, nats. The text's end is not judged.
  struct Likelihood {
    double log_probability = 0;
    std::int64_t tokens = 0, unknown = 0, bytes = 0;
    double per_token() const { return log_probability / static_cast<double>(tokens); }
    double bits_per_byte() const;
  };
  std::vector<Likelihood> operator()(std::span<const std::string> texts);

 private:
  Vocabulary vocabulary_;
  Encoder encoder_;
  int context_;
  std::vector<std::int32_t> opening_;
  Model<float> model_;
};

/// A text that is read on, of any length, as told above.
class TextReader {
 public:
  explicit TextReader(Model<float>& model);
  /// Logits [V] of what follows; valid until the next call.
  std::span<const float> append(std::span<const std::int32_t> tokens);
  void restart();
  /// How many tokens are read again once `context` of them are full.
  static std::size_t kept(std::size_t context) { return context > 1 ? context / 2 : 1; }

 private:
  Generation<float> generation_;
  std::size_t context_;
  std::vector<std::int32_t> last_;  // up to context_ of them
};

}  // namespace tubal
