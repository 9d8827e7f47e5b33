// Text: a row a line, numbers apart by commas, semicolons, tabs or blanks.
#include <algorithm>
#include <charconv>
#include <optional>
#include <sstream>

#include "transforms/matrix_formats.hpp"

namespace tubal {
namespace {

constexpr const char* blanks = " \t\r";

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(blanks);
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// The cells of a row: at each comma or semicolon, else at each tab, else at runs of blanks.
std::vector<std::string> cells(const std::string& row) {
  std::vector<std::string> out;
  std::istringstream in(row);
  for (const char separator : {',', ';', '\t'})
    if (row.find(separator) != std::string::npos) {
      for (std::string cell; std::getline(in, cell, separator);) out.push_back(trimmed(cell));
      if (row.back() == separator) out.push_back("");
      return out;
    }
  for (std::string cell; in >> cell;) out.push_back(cell);
  return out;
}

std::optional<double> number(const std::string& cell) {
  double value = 0;
  const char *first = cell.data() + cell.starts_with('+'), *last = cell.data() + cell.size();
  const auto [end, error] = std::from_chars(first, last, value);
  if (error != std::errc() || end != last) return std::nullopt;
  return value;
}

}  // namespace

MatrixFile read_csv_matrix(const std::filesystem::path& file, const std::string& text) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    refuse_matrix(file, "is text in UTF-16; save it as UTF-8");
  std::vector<double> values;
  std::size_t rows = 0, columns = 0;
  std::istringstream lines(text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text);
  int line_number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++line_number;
    const std::string row = trimmed(line.substr(0, line.find('#')));
    if (row.empty()) continue;
    if (row.find(',') != std::string::npos && row.find(';') != std::string::npos)
      refuse_matrix(file,
                    "has both `,` and `;`: numbers take a decimal point, and one of the two between them",
                    line_number);
    const std::vector<std::string> found = cells(row);
    if (rows == 0 && std::none_of(found.begin(), found.end(), number))
      refuse_matrix(file, "`" + row + "` holds no number: remove a header line, or begin it with #",
                    line_number);
    for (std::size_t i = 0; i < found.size(); ++i) {
      const std::optional<double> value = number(found[i]);
      if (!value)
        refuse_matrix(file,
                      (found[i].empty() ? "cell " + std::to_string(i + 1) + " is empty"
                                        : "`" + found[i] + "` is no number") +
                          "; a row is p numbers apart by commas, such as 0.5,-0.5",
                      line_number);
      values.push_back(*value);
    }
    if (rows++ == 0) columns = found.size();
    if (found.size() != columns)
      refuse_matrix(
          file,
          "found " + std::to_string(found.size()) + " numbers, the first row has " + std::to_string(columns),
          line_number);
  }
  MatrixFile out;
  out.matrix = square_matrix(file, {rows, columns}, values);
  return out;
}

}  // namespace tubal
