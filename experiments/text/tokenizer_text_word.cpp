// Words of running text, for language models: nothing is folded or left out. A token is a run of letters and
// digits, or one other character, with the space before it where there is one; so "It's the end." is
// It ' s _the _end . and "THE" and "the" are two words.
#include <algorithm>
#include <numeric>

#include "experiments/text/tokenizer_kinds.hpp"
#include "experiments/text/utf8.hpp"
#include "experiments/text/word_table.hpp"

namespace tubal {

namespace {

bool joins(const char* p) {
  const auto c = static_cast<unsigned char>(*p);
  if (c >= 128) return letter_of(decode_utf8(p)) == Letter::part;
  return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

// Calls f(word) for each one; together they are the text.
template <class F>
void each_text_word(std::string_view text, F f) {
  const char *p = text.data(), *const end = p + text.size();
  while (p < end) {
    const char* const begin = p;
    if (*p == ' ' && p + 1 < end && std::string_view(" \n\r\t").find(p[1]) == std::string_view::npos) ++p;
    if (!joins(p)) {
      decode_utf8(p);
    } else {
      while (p < end && joins(p)) decode_utf8(p);
    }
    f(std::string_view(begin, static_cast<std::size_t>(p - begin)));
  }
}

}  // namespace

Vocabulary learn_text_words(const TokenizerConfig& config, const std::vector<std::string_view>& texts) {
  WordTable words;
  std::vector<std::int64_t> counts;
  for (const std::string_view text : texts)
    each_text_word(text, [&](std::string_view w) {
      const auto id = static_cast<std::size_t>(words.intern(w));
      if (id == counts.size()) counts.push_back(0);
      ++counts[id];
    });
  std::vector<std::size_t> order(counts.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return counts[a] != counts[b] ? counts[a] > counts[b] : words.words()[a] < words.words()[b];
  });
  order.resize(std::min(order.size(), static_cast<std::size_t>(std::max(0, config.vocabulary - 2))));
  std::string data;
  for (const std::size_t i : order) data.append(words.words()[i]).push_back('\0');
  return {"text_word", data, static_cast<std::int32_t>(order.size()) + 2};
}

Encode text_word_encoder(const Vocabulary& vocabulary) {
  const auto words = std::make_shared<WordTable>();
  for (std::size_t at = 0; at < vocabulary.data.size();) {
    const std::size_t end = vocabulary.data.find('\0', at);
    words->intern(std::string_view(vocabulary.data).substr(at, end - at));
    at = end + 1;
  }
  return [words](std::string_view text, const TokenLimit& limit) {
    std::vector<std::int32_t> out;
    each_text_word(text, [&](std::string_view w) {
      const std::int32_t id = words->number(w);
      out.push_back(id < 0 ? unknown_token : id + 2);
    });
    cut(out, 0, limit);
    return out;
  };
}

// Words of the folded kind stand apart by a space, which their text does not have.
PieceOf word_pieces(const Vocabulary& vocabulary) {
  const bool whole = vocabulary.kind == "text_word";
  const auto pieces = std::make_shared<std::vector<std::string>>(2);
  for (std::size_t at = 0; at < vocabulary.data.size();) {
    const std::size_t end = vocabulary.data.find(whole ? '\0' : '\n', at);
    pieces->push_back((whole ? "" : " ") + vocabulary.data.substr(at, end - at));
    at = end + 1;
  }
  return [pieces](std::int32_t token) { return pieces->at(static_cast<std::size_t>(token)); };
}

}  // namespace tubal
