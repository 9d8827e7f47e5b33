// Tokenizers of language models: nothing of a text is lost but what the vocabulary lacks, and text comes back
// whole however it is cut into tokens.
#include <catch2/catch.hpp>
#include <limits>

#include "core/error.hpp"
#include "core/random.hpp"
#include "core/text.hpp"
#include "experiments/records/text_format.hpp"
#include "experiments/text/tokenizer.hpp"

using namespace tubal;
using Catch::Matchers::Contains;

namespace {

const TokenLimit whole(std::numeric_limits<int>::max());

// Spaces of all kinds, capitals, marks, scripts and characters outside the basic plane.
const std::vector<std::string> alphabet = {"a",
                                           "b",
                                           "B",
                                           "the",
                                           " ",
                                           "  ",
                                           "\n",
                                           "\n\n",
                                           "\t",
                                           "\r\n",
                                           ".",
                                           "'",
                                           "<br />",
                                           "7",
                                           "Übung",
                                           "ß",
                                           "é",
                                           "中文",
                                           "\xF0\x9F\x99\x82",
                                           "\xE2\x80\x99",
                                           " The",
                                           "end.",
                                           "-",
                                           "\xCC\x81",
                                           "ﬁ"};

std::string random_text(std::uint64_t seed, std::size_t parts) {
  const RandomStream random(seed, Purpose::test);
  std::string text;
  for (std::size_t i = 0; i < parts; ++i) text += alphabet[random.below(alphabet.size(), i)];
  return text;
}

TokenizerConfig tokenizer(const std::string& kind, int vocabulary, const std::string& model = "bpe") {
  TokenizerConfig c;
  c.kind = kind;
  c.vocabulary = vocabulary;
  c.model_type = model;
  return c;
}

}  // namespace

TEST_CASE("a text comes back from its tokens as it was, by every tokenizer of language models") {
  const std::string learnt = random_text(1, 6000);
  for (const TokenizerConfig& c :
       {tokenizer("char", 1000), tokenizer("word", 100000), tokenizer("sentencepiece", 500, "bpe"),
        tokenizer("sentencepiece", 400, "unigram")}) {
    INFO(c.kind << " " << c.model_type);
    const Vocabulary v = learn_vocabulary(c, {learnt});
    CHECK(v.size <= c.vocabulary);
    const Encoder encoder(v);
    std::vector<std::int32_t> tokens = encoder(learnt, whole);
    CHECK(decode(v, tokens) == learnt);
    for (const std::int32_t t : tokens) REQUIRE((t >= 2 && t < v.size));
    for (std::uint64_t seed = 2; seed < 40; ++seed) {
      const std::string text = random_text(seed, seed);
      tokens = encoder(text, whole);
      std::string again, held;  // a token at a time: every step hands out whole characters
      Decoder decoder(v);
      for (const std::int32_t t : tokens) {
        held = decoder(t);
        CHECK(invalid_utf8(held) == std::string_view::npos);
        again += held;
      }
      CHECK(decoder.end().empty());
      const bool known = std::count(tokens.begin(), tokens.end(), unknown_token) == 0;
      CHECK((known ? again == text : again.find("\xEF\xBF\xBD") != again.npos));
    }
    // model.safetensors keeps it.
    const auto kept = text_format(text_metadata({v, {}}), "model.safetensors");
    REQUIRE(kept);
    CHECK(kept->vocabulary.kind == v.kind);
    CHECK(kept->vocabulary.data == v.data);
    CHECK(kept->vocabulary.size == v.size);
  }
}

TEST_CASE("characters are numbered by frequency, ties by code point, words keep their case and their space") {
  const Vocabulary v = learn_vocabulary(tokenizer("char", 100), {"bb\xC3\xA9", "aac"});
  CHECK(v.data == "abc\xC3\xA9");
  CHECK(v.size == 6);
  CHECK(Encoder(v)("cab\xC3\xA9z", whole) == std::vector<std::int32_t>{4, 2, 3, 5, unknown_token});
  CHECK(Encoder(v)("", whole) == std::vector<std::int32_t>{unknown_token});
  CHECK(learn_vocabulary(tokenizer("char", 4), {"bb\xC3\xA9", "aac"}).data == "ab");  // the most frequent

  const Vocabulary w = learn_vocabulary(tokenizer("word", 100), {"The end, the end.\n the"});
  std::string shown;
  for (const char c : w.data) shown += c ? std::string(1, c) : std::string("|");
  CHECK(shown == " end| the|\n|,|.|The|");
}

TEST_CASE("bytes that are no characters come out as U+FFFD, and a number that is no token is refused") {
  const Vocabulary v = learn_vocabulary(tokenizer("sentencepiece", 300), {random_text(3, 2000)});
  const auto of_bytes = [&](const std::string& bytes) {  // 2 + b: the piece of byte b
    std::vector<std::int32_t> tokens;
    for (const char c : bytes) tokens.push_back(2 + static_cast<unsigned char>(c));
    return decode(v, tokens);
  };
  const std::string r = "\xEF\xBF\xBD";
  CHECK(of_bytes("\xF0\x9F\x99\x82") == "\xF0\x9F\x99\x82");
  CHECK(of_bytes("\xF0\x9F") == r);
  CHECK(of_bytes("\xE4"
                 "a") == r + "a");
  CHECK(of_bytes("\x80\xFF") == r + r);
  CHECK(of_bytes("\xE0\x80\x80") == r + r + r);
  CHECK(decode(v, std::vector<std::int32_t>{document_token, unknown_token}) == "\n" + r);
  Decoder decoder(v);
  CHECK_THROWS_WITH(decoder(v.size), Contains("is none of the vocabulary's"));
  CHECK_THROWS_WITH(decoder(-1), Contains("token -1"));
  for (std::uint64_t seed = 0; seed < 200; ++seed) {  // whatever a model says, what is printed is UTF-8
    const RandomStream random(seed, Purpose::test);
    std::vector<std::int32_t> tokens;
    for (std::uint64_t i = 0; i < 20; ++i)
      tokens.push_back(static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(v.size), i)));
    CHECK(invalid_utf8(decode(v, tokens)) == std::string_view::npos);
  }
}
