#include <algorithm>
#include <array>
#include <limits>
#include <numeric>

#include "experiments/text/tokenizer_kinds.hpp"
#include "experiments/text/utf8.hpp"
#include "experiments/text/word_table.hpp"

namespace tubal {

namespace {

// What a byte below 128 is: 0 parts words, 1 a mark that is a word itself, else its lower-case letter.
constexpr std::array<char, 128> table = [] {
  std::array<char, 128> t{};
  for (char c = '0'; c <= '9'; ++c) t[c] = c;
  for (char c = 'a'; c <= 'z'; ++c) {
    t[c] = c;
    t[c - 32] = c;
  }
  t['!'] = t['?'] = t['\''] = 1;
  return t;
}();

// Calls f(word) until it returns false: runs of letters and digits in lower case, and ! ? '
// alone; <br /> parts words.
template <class F>
void each_word(std::string_view text, std::string& buffer, F f) {
  if (buffer.size() < text.size() * 2 + 8) buffer.resize(text.size() * 2 + 8);
  char *const begin = buffer.data(), *out = begin;
  const auto flush = [&] {
    if (out == begin) return true;
    const bool more = f(std::string_view(begin, static_cast<std::size_t>(out - begin)));
    out = begin;
    return more;
  };
  const char *p = text.data(), *const end = p + text.size();
  while (p < end) {
    const unsigned char c = static_cast<unsigned char>(*p);
    if (c < 128) {
      const char t = table[c];
      if (t > 1) {
        *out++ = t, ++p;
        continue;
      }
      if (!flush()) return;
      if (t == 1 && !f(std::string_view(p, 1))) return;
      const std::size_t tag = c == '<' ? line_break({p, static_cast<std::size_t>(end - p)}) : 0;
      p += tag ? tag : 1;
      continue;
    }
    const char32_t letter = decode_utf8(p);
    const Letter kind = letter_of(letter);
    if (kind == Letter::part) {
      out = encode_utf8(lower_case(letter), out);
      continue;
    }
    if (!flush()) return;
    if (kind == Letter::quote && !f(std::string_view("'"))) return;
    if (kind == Letter::whole) {
      out = encode_utf8(letter, out);
      if (!flush()) return;
    }
  }
  flush();
}

// What the limit keeps of a text, as cut() would of all its words, without reading much more: number(word)
// goes to `out`.
template <class Number>
void encode_text(std::string_view text, const TokenLimit& limit, std::string& buffer,
                 std::vector<std::int32_t>& out, Number number) {
  const std::size_t begin = out.size(), most = static_cast<std::size_t>(limit.max_length);
  const auto read = [&](std::string_view part, std::size_t enough) {
    const std::size_t before = out.size();
    each_word(part, buffer, [&](std::string_view w) {
      out.push_back(number(w));
      return out.size() - before < enough;
    });
    return out.size() - before;
  };
  if (limit.head_alone()) {
    read(text, most);
    return;
  }
  const std::size_t head = limit.head(), tail = most - head;
  if (head > 0) {
    if (read(text, most + 1) <= most) return;
    out.resize(begin + head);
  }
  // From ever earlier spaces on, until there are enough words. A space parts words wherever
  // it stands, also in <br />.
  constexpr std::size_t all = std::numeric_limits<std::size_t>::max();
  for (std::size_t bytes = 8 * tail;; bytes *= 2) {
    const std::size_t start = bytes < text.size() ? text.find(' ', text.size() - bytes) : 0;
    if (start == text.npos) continue;
    const std::size_t n = read(text.substr(start), all);
    const auto first = out.end() - static_cast<std::ptrdiff_t>(n);
    if (n >= tail) {
      out.erase(first, out.end() - static_cast<std::ptrdiff_t>(tail));
      return;
    }
    if (start == 0) return;
    out.erase(first, out.end());
  }
}

// Room for the tokens of all texts; what is not used of it takes no memory.
void make_room(Tokens& t, const std::vector<std::string_view>& texts, const TokenLimit& limit) {
  const std::size_t most = static_cast<std::size_t>(limit.max_length);
  std::size_t tokens = 0;
  for (const std::string_view text : texts) tokens += std::min(most, text.size() / 2) + 1;
  t.tokens.reserve(tokens);
  t.offsets.reserve(texts.size() + 1);
}

void close_text(Tokens& t) {
  if (static_cast<std::int64_t>(t.tokens.size()) == t.offsets.back()) t.tokens.push_back(unknown_token);
  t.offsets.push_back(static_cast<std::int64_t>(t.tokens.size()));
}

// Table number -> token; words of the vocabulary in order.
struct Ranking {
  std::vector<std::int32_t> token;
  std::string text;
  std::int32_t size;
};

Ranking rank(const WordTable& words, const std::vector<std::int64_t>& counts, int limit) {
  std::vector<std::int32_t> order(counts.size());
  std::iota(order.begin(), order.end(), 0);
  const auto before = [&](std::int32_t a, std::int32_t b) {
    return counts[a] != counts[b] ? counts[a] > counts[b] : words.words()[a] < words.words()[b];
  };
  const std::size_t n = std::min<std::size_t>(order.size(), static_cast<std::size_t>(std::max(0, limit - 2)));
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(n), order.end(), before);
  Ranking r{std::vector<std::int32_t>(counts.size(), unknown_token), "", static_cast<std::int32_t>(n) + 2};
  for (std::size_t i = 0; i < n; ++i) {
    r.token[order[i]] = static_cast<std::int32_t>(i) + 2;
    r.text += std::string(words.words()[order[i]]) + "\n";
  }
  return r;
}

}  // namespace

Vocabulary tokenize_words(const TokenizerConfig& config, const TokenLimit& limit,
                          const std::vector<std::string_view>& learn, Tokens& learnt,
                          const std::vector<const std::vector<std::string_view>*>& others,
                          const std::vector<Tokens*>& encoded) {
  WordTable words;
  std::vector<std::int64_t> counts;
  std::string buffer;
  const std::size_t enough = limit.head_alone() ? static_cast<std::size_t>(limit.max_length)
                                                : std::numeric_limits<std::size_t>::max();
  learnt = {{}, {0}};
  make_room(learnt, learn, limit);
  for (const std::string_view text : learn) {
    const std::size_t begin = learnt.tokens.size();
    each_word(text, buffer, [&](std::string_view w) {
      const std::int32_t id = words.intern(w);
      if (static_cast<std::size_t>(id) == counts.size()) counts.push_back(0);
      ++counts[id];
      if (learnt.tokens.size() - begin < enough) learnt.tokens.push_back(id + 2);
      return true;
    });
    cut(learnt.tokens, begin, limit);
    close_text(learnt);
  }
  const Ranking ranking = rank(words, counts, config.vocabulary);
  for (std::int32_t& t : learnt.tokens)
    if (t >= 2) t = ranking.token[t - 2];
  for (std::size_t i = 0; i < others.size(); ++i) {
    Tokens& out = *encoded[i] = {{}, {0}};
    make_room(out, *others[i], limit);
    for (const std::string_view text : *others[i]) {
      encode_text(text, limit, buffer, out.tokens, [&](std::string_view w) {
        const std::int32_t id = words.number(w);
        return id < 0 ? unknown_token : ranking.token[id];
      });
      close_text(out);
    }
  }
  return {"word", ranking.text, ranking.size};
}

std::size_t line_break(std::string_view text) {
  if (text.size() < 4 || (text[1] | 32) != 'b' || (text[2] | 32) != 'r') return 0;
  std::size_t n = 3;
  if (n < text.size() && text[n] == ' ') ++n;
  if (n < text.size() && text[n] == '/') ++n;
  return n < text.size() && text[n] == '>' ? n + 1 : 0;
}

Encode word_encoder(const Vocabulary& vocabulary) {
  const auto words = std::make_shared<WordTable>();
  for (std::size_t at = 0; at < vocabulary.data.size();) {
    const std::size_t end = vocabulary.data.find('\n', at);
    words->intern(std::string_view(vocabulary.data).substr(at, end - at));
    at = end + 1;
  }
  return [words](std::string_view text, const TokenLimit& limit) {
    std::vector<std::int32_t> out;
    std::string buffer;
    encode_text(text, limit, buffer, out, [&](std::string_view w) {
      const std::int32_t id = words->number(w);
      return id < 0 ? unknown_token : id + 2;
    });
    return out;
  };
}

}  // namespace tubal
