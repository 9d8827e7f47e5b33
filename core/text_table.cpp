#include "core/text_table.hpp"

#include <algorithm>

namespace tubal {

int columns(std::string_view text) {
  return static_cast<int>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string text_table(const std::vector<std::vector<std::string>>& rows,
                       const std::vector<std::size_t>& left, Head head) {
  std::vector<int> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], columns(row[c]));
  }
  std::string out;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string pad(static_cast<std::size_t>(widths[c] - columns(row[c])), ' ');
      const bool to_left = std::find(left.begin(), left.end(), c) != left.end();
      line += (c ? "  " : "") + (to_left ? row[c] + pad : pad + row[c]);
    }
    out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    if (head == Head::plain || &row != &rows[0]) continue;
    for (std::size_t c = 0; c < widths.size(); ++c) {
      out += c ? "  " : "";
      for (int i = 0; i < widths[c]; ++i) out += "\u2500";
    }
    out += "\n";
  }
  return out;
}

}  // namespace tubal
