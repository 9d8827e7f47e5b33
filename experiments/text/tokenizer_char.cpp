// Characters (code points) as tokens: by descending frequency, ties by code point.
#include <algorithm>

#include "experiments/text/tokenizer_kinds.hpp"
#include "experiments/text/utf8.hpp"

namespace tubal {

static constexpr std::size_t code_points = 0x110000;

// Calls f(character) for each one of the text.
template <class F>
static void each_character(std::string_view text, F f) {
  for (const char *p = text.data(), *const end = p + text.size(); p < end;) f(decode_utf8(p));
}

Vocabulary learn_chars(const TokenizerConfig& config, const std::vector<std::string_view>& texts) {
  std::vector<std::int64_t> counts(code_points);
  for (const std::string_view text : texts) each_character(text, [&](char32_t c) { ++counts[c]; });
  std::vector<char32_t> order;
  for (std::size_t c = 0; c < code_points; ++c)
    if (counts[c] > 0) order.push_back(static_cast<char32_t>(c));
  std::stable_sort(order.begin(), order.end(), [&](char32_t a, char32_t b) { return counts[a] > counts[b]; });
  order.resize(std::min(order.size(), static_cast<std::size_t>(std::max(0, config.vocabulary - 2))));
  std::string data(4 * order.size(), ' ');
  char* end = data.data();
  for (const char32_t c : order) end = encode_utf8(c, end);
  data.resize(static_cast<std::size_t>(end - data.data()));
  return {"char", data, static_cast<std::int32_t>(order.size()) + 2};
}

Encode char_encoder(const Vocabulary& vocabulary) {
  const auto token = std::make_shared<std::vector<std::int32_t>>(code_points, unknown_token);
  std::int32_t next = 2;
  each_character(vocabulary.data, [&](char32_t c) { (*token)[c] = next++; });
  return [token](std::string_view text, const TokenLimit& limit) {
    std::vector<std::int32_t> out;
    out.reserve(text.size());
    each_character(text, [&](char32_t c) { out.push_back((*token)[c]); });
    cut(out, 0, limit);
    return out;
  };
}

PieceOf char_pieces(const Vocabulary& vocabulary) {
  const auto pieces = std::make_shared<std::vector<std::string>>(2);
  each_character(vocabulary.data, [&](char32_t c) {
    char bytes[4];
    pieces->emplace_back(bytes, encode_utf8(c, bytes));
  });
  return [pieces](std::int32_t token) { return pieces->at(static_cast<std::size_t>(token)); };
}

}  // namespace tubal
