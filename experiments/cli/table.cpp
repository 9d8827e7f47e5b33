#include "experiments/cli/table.hpp"

#include <algorithm>
#include <cstdio>
#include <iostream>

namespace tubal::cli {

void print_table(const std::vector<std::vector<std::string>>& rows, const std::vector<std::size_t>& left) {
  std::vector<std::size_t> width(rows[0].size());
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) width[i] = std::max(width[i], row[i].size());
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string pad(width[i] - row[i].size(), ' ');
      const bool to_left = std::find(left.begin(), left.end(), i) != left.end();
      line += (i ? "  " : "") + (to_left ? row[i] + pad : pad + row[i]);
    }
    std::cout << line.substr(0, line.find_last_not_of(' ') + 1) << "\n";
  }
}

std::string grouped(long long n) {
  std::string s = std::to_string(n);
  for (std::size_t i = s.size(); i > 3; i -= 3) s.insert(i - 3, ",");
  return s;
}

std::string format(const char* how, double x) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, how, x);
  return buffer;
}

}  // namespace tubal::cli
