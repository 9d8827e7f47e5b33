#include "experiments/data/dataset_text.hpp"

#include <limits>
#include <unordered_set>

#include "core/error.hpp"
#include "core/text.hpp"
#include "experiments/data/text_corpus.hpp"
#include "experiments/text/tokenizer_kinds.hpp"

namespace tubal {

namespace {

ImagePart stream(const TextCorpus::Documents& documents, bool marked, const Encode& encode) {
  ImagePart part;
  if (documents.empty()) return part;
  std::vector<std::int32_t>& tokens = part.tokens.tokens;
  std::vector<std::int64_t>& offsets = part.tokens.offsets;
  offsets.clear();
  for (const std::string_view d : documents) {
    offsets.push_back(static_cast<std::int64_t>(tokens.size()));
    tokens.push_back(document_token);
    const std::vector<std::int32_t> words = encode(d, TokenLimit(std::numeric_limits<int>::max()));
    tokens.insert(tokens.end(), words.begin(), words.end());
  }
  if (marked) tokens.push_back(document_token);
  offsets.push_back(static_cast<std::int64_t>(tokens.size()));
  part.bytes = byte_count(documents, marked);
  part.characters = character_count(documents, marked);
  return part;
}

// With one token there is nothing to predict.
void require_choice(const ImagePart& train, const Vocabulary& vocabulary) {
  const std::unordered_set<std::int32_t> different(train.tokens.tokens.begin(), train.tokens.tokens.end());
  if (different.size() > 2) return;  // the document token, and two others
  std::int32_t only = unknown_token;
  for (const std::int32_t t : different)
    if (t != document_token) only = t;
  throw UsageError("", 0, "data.train",
                   "the training part is one token again and again (`" +
                       shown(decode(vocabulary, std::span(&only, 1))) +
                       "`), so there is nothing to predict; use a text of two or more, or a larger "
                       "data.tokenizer.vocabulary.");
}

}  // namespace

ImageContents text_contents(const DataConfig& config) {
  const TextCorpus corpus = read_text_corpus(config);
  ImageContents c;
  c.vocabulary = learn_vocabulary(config.tokenizer, corpus.train);
  const Encode encode = encoder(c.vocabulary);
  c.parts[0] = stream(corpus.train, corpus.marked, encode);
  c.parts[1] = stream(corpus.validation, corpus.marked, encode);
  c.parts[2] = stream(corpus.test, corpus.marked, encode);
  require_choice(c.parts[0], c.vocabulary);
  if (!corpus.marked) return c;
  const std::unordered_set<std::string_view> seen(corpus.train.begin(), corpus.train.end());
  for (const std::string_view d : corpus.test) c.shared_texts += seen.count(d) > 0;
  return c;
}

}  // namespace tubal
