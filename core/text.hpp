// Foreign text in messages and commands: whatever a file, a name or a plug-in holds, a message shows it on
// one line, and a command that is printed can be pasted. UTF-8 is checked by hand: no library that the
// project stands on does it by itself.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tubal {

/// Offset of the first byte that is not UTF-8 (overlong forms and surrogates included), or npos.
std::size_t invalid_utf8(std::string_view text);
inline bool is_utf8(std::string_view text) { return invalid_utf8(text) == text.npos; }

/// Control characters, direction marks and bytes that are not UTF-8 as \n, \t, \x1b, \u202e.
/// `keep_lines`: line ends and tabs stay.
std::string printable(std::string_view text, bool keep_lines = false);

/// printable(), cut to about `most` bytes at a character's end, with "..." where something was left out.
std::string shown(std::string_view text, std::size_t most = 60);

/// "a, b, c" of foreign names, each shown() and no more than twelve of them: "a, b, ... (4,000 in all)".
std::string shown_list(const std::vector<std::string>& names);

/// With a full stop at its end, where it has no mark there: another sentence may follow.
std::string sentence(std::string text);

/// As one word of a POSIX shell: plain where nothing in it is special, else in quotes.
std::string shell_word(const std::string& text);

}  // namespace tubal
