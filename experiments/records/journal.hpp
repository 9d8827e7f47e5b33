// journal.jsonl: what happened in a trial, one checksummed JSON record a line, only ever appended to.
//   {"n":17,"check":"1f0c...","record":{...}}     check: first 16 digits of SHA-256 of "17 {...}"
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "core/append_file.hpp"
#include "core/files.hpp"

namespace tubal {

class Journal {
 public:
  /// Goes on after `records` records in the first `bytes` bytes; what stands behind
  /// them is cut off. 0, 0: anew.
  Journal(const fs::path& file, std::size_t records, std::size_t bytes);
  /// `record`: a JSON object on one line.
  void add(const std::string& record);
  void flush() { file_.flush(); }
  void sync() { file_.sync(); }
  std::size_t records() const { return records_; }
  std::size_t bytes() const { return file_.size(); }

 private:
  AppendFile file_;
  std::size_t records_;
};

struct JournalContent {
  std::vector<std::string> records;
  std::size_t bytes = 0;  // of the lines that count
};

/// Reads it, or its first `limit` bytes. A last line that is torn (no newline, or a wrong checksum in the
/// very last one) is dropped; any other fault is an Error with file:line. A missing file is empty.
JournalContent read_journal(const fs::path& file, std::size_t limit = static_cast<std::size_t>(-1));

}  // namespace tubal
