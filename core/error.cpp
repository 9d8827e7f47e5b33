#include "core/error.hpp"

#include <algorithm>
#include <numeric>

#include "core/text.hpp"

namespace tubal {

UsageError::UsageError(const std::string& file, int line, const std::string& key, const std::string& message)
    : Error((file.empty() ? "" : printable(file) + ":" + (line > 0 ? std::to_string(line) + ":" : "") + " ") +
            (key.empty() ? "" : printable(key) + ": ") + message) {}

// Edits from a to b: insert, leave out or replace a letter, or swap two neighbours; one row at a time.
static std::size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> before, last, row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before = std::move(last);
    last = row;
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row[b.size()];
}

std::string did_you_mean(const std::string& found, const std::vector<std::string>& allowed) {
  const std::string* nearest = nullptr;
  std::size_t best = std::max<std::size_t>(1, found.size() / 3) + 1;
  for (const std::string& name : allowed)
    if (const std::size_t distance = edit_distance(found, name); distance < best)
      best = distance, nearest = &name;
  return nearest ? "did you mean `" + *nearest + "`?" : "";
}

std::string join(const std::vector<std::string>& items, const std::string& separator) {
  std::string out;
  for (const std::string& item : items) out += (out.empty() ? "" : separator) + item;
  return out;
}

}  // namespace tubal
