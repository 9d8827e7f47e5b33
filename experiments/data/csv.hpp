// RFC 4180: quoted fields, doubled quotes, line breaks inside quotes, LF or CRLF. Fields are views, no copies
// where nothing was escaped.
#pragma once
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace tubal {

class CsvReader {
 public:
  /// `bytes` (of `file`, named in errors) must outlive the fields; unescaped copies go
  /// to `arena`, which must too.
  CsvReader(std::string_view bytes, std::string file, std::deque<std::string>& arena);

  /// Reads one record; false at the end. Blank lines are skipped. Throws UsageError (file:line) at an
  /// unclosed quote, text behind a closing quote, or a number of columns other than the first record's.
  bool next(std::vector<std::string_view>& fields);
  /// Where the last record starts.
  std::size_t offset() const { return record_; }

 private:
  std::string_view field(std::size_t column);
  [[noreturn]] void fail(std::size_t at, const std::string& message) const;

  std::string_view bytes_;
  std::string file_;
  std::deque<std::string>& arena_;
  std::size_t at_ = 0, record_ = 0, columns_ = 0;
  bool record_ended_ = false;
};

}  // namespace tubal
