#include "experiments/data/csv.hpp"

#include <cstring>

#include "core/error.hpp"
#include "experiments/text/mapped_file.hpp"

namespace tubal {

CsvReader::CsvReader(std::string_view bytes, std::string file, std::deque<std::string>& arena)
    : bytes_(bytes), file_(std::move(file)), arena_(arena) {
  if (bytes_.substr(0, 3) == "\xEF\xBB\xBF") at_ = 3;  // byte-order mark
}

void CsvReader::fail(std::size_t at, const std::string& message) const {
  throw UsageError(file_, line_at(bytes_, at), "", message);
}

std::string_view CsvReader::field(std::size_t column) {
  const std::size_t n = bytes_.size(), start = at_;
  std::string_view value;
  if (at_ < n && bytes_[at_] == '"') {
    std::string* copy = nullptr;
    std::size_t from = ++at_;
    for (;;) {
      const void* quote = std::memchr(bytes_.data() + at_, '"', n - at_);
      if (!quote)
        fail(start,
             "the quote that opens column " + std::to_string(column) +
                 " here is never closed. Quotes inside a quoted text are doubled: \"say \"\"no\"\"\".");
      at_ = static_cast<std::size_t>(static_cast<const char*>(quote) - bytes_.data());
      if (at_ + 1 >= n || bytes_[at_ + 1] != '"') break;
      if (!copy) copy = &arena_.emplace_back();
      copy->append(bytes_, from, at_ + 1 - from);  // one of the two quotes
      from = at_ += 2;
    }
    value = bytes_.substr(from, at_ - from);
    if (copy) value = copy->append(value);
    ++at_;
    if (at_ < n && bytes_[at_] != ',' && bytes_[at_] != '\n' &&
        !(bytes_[at_] == '\r' && (at_ + 1 >= n || bytes_[at_ + 1] == '\n')))
      fail(at_, "behind the closing quote of column " + std::to_string(column) + " stands `" +
                    std::string(1, bytes_[at_]) +
                    "`, where a comma or the line's end is expected. Quotes inside a quoted text are "
                    "doubled: \"say \"\"no\"\"\".");
  } else {
    while (at_ < n && bytes_[at_] != ',' && bytes_[at_] != '\n') ++at_;
    value = bytes_.substr(start, at_ - start);
    if (!value.empty() && value.back() == '\r' && (at_ >= n || bytes_[at_] == '\n')) value.remove_suffix(1);
  }
  if (at_ < n && bytes_[at_] == '\r') ++at_;
  record_ended_ = at_ >= n || bytes_[at_] == '\n';
  ++at_;
  return value;
}

bool CsvReader::next(std::vector<std::string_view>& fields) {
  const std::size_t n = bytes_.size();
  while (at_ < n && (bytes_[at_] == '\n' || (bytes_[at_] == '\r' && at_ + 1 < n && bytes_[at_ + 1] == '\n')))
    ++at_;
  if (at_ >= n) return false;
  record_ = at_;
  fields.clear();
  do fields.push_back(field(fields.size() + 1));
  while (!record_ended_);
  if (!columns_) columns_ = fields.size();
  if (fields.size() != columns_)
    fail(record_,
         "this row has " + std::to_string(fields.size()) + (fields.size() == 1 ? " column" : " columns") +
             " and the first row has " + std::to_string(columns_) +
             (fields.size() > columns_ ? ". A text that holds a comma must stand in double quotes."
                                       : ". A text that holds a line break must stand in double quotes."));
  return true;
}

}  // namespace tubal
