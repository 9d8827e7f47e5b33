// UTF-8: checking, decoding, and which characters make words. Independent of the user's locale.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/text.hpp"

namespace tubal {

/// Throws UsageError with file, line, byte position and a likely encoding.
void require_utf8(std::string_view text, const std::string& file);

/// The character at `*p`, which moves behind it. The text must be valid UTF-8.
char32_t decode_utf8(const char*& p);
/// Appends `c` at `out`, returns the end (at most 4 bytes).
char* encode_utf8(char32_t c, char* out);

/// How a character beyond ASCII takes part in words.
enum class Letter : std::uint8_t {
  none,   // parts words
  part,   // letter, digit or combining mark: joins its neighbours
  whole,  // ideograph or kana: a word by itself (such scripts put no space between words)
  quote,  // typographic apostrophe, read as '
};
Letter letter_of(char32_t c);
/// Simple case folding to lower case.
char32_t lower_case(char32_t c);

}  // namespace tubal
