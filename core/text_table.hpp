// Tables as a terminal shows them.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace tubal {

/// Columns that a terminal needs for UTF-8 text: one a code point. Escape sequences count as what they are.
int columns(std::string_view text);

/// `ruled`: a line stands under the first row.
enum class Head { plain, ruled };

/// Columns as wide as their widest cell, two spaces apart, those named in `left` to the left and the others
/// to the right; no space at line ends. Rows may be shorter than others.
std::string text_table(const std::vector<std::vector<std::string>>& rows,
                       const std::vector<std::size_t>& left, Head head = Head::plain);

}  // namespace tubal
