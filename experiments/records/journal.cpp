#include "experiments/records/journal.hpp"

#include "core/error.hpp"
#include "core/sha256.hpp"

namespace tubal {

static std::string check_of(std::size_t n, std::string_view record) {
  return Sha256().update(std::to_string(n)).update(" ").update(record).hex().substr(0, 16);
}

static std::string head_of(std::size_t n) { return "{\"n\":" + std::to_string(n) + ",\"check\":\""; }

Journal::Journal(const fs::path& file, std::size_t records, std::size_t bytes)
    : file_(file, bytes), records_(records) {}

void Journal::add(const std::string& record) {
  file_.line(head_of(records_) + check_of(records_, record) + "\",\"record\":" + record + "}");
  ++records_;
}

JournalContent read_journal(const fs::path& file, std::size_t limit) {
  JournalContent content;
  const std::optional<std::string> whole = read_file_if_there(file);
  if (!whole) return content;
  const std::string_view text = std::string_view(*whole).substr(0, limit);
  while (content.bytes < text.size()) {
    const std::size_t n = content.records.size(), end = text.find('\n', content.bytes);
    if (end == std::string_view::npos) break;  // torn
    const std::string_view line = text.substr(content.bytes, end - content.bytes);
    const std::string head = head_of(n), middle = "\",\"record\":";
    const std::size_t start = head.size() + 16 + middle.size();
    const bool formed = line.size() > start && line.substr(0, head.size()) == head && line.back() == '}' &&
                        line.substr(head.size() + 16, middle.size()) == middle;
    const std::string_view record = formed ? line.substr(start, line.size() - start - 1) : std::string_view();
    if (!formed || line.substr(head.size(), 16) != check_of(n, record)) {
      if (end + 1 == text.size()) break;  // torn: the disk had not got all of it
      throw Error(file.string() + ":" + std::to_string(n + 1) + ": the record is damaged (" +
                  (formed ? "its checksum differs" : "not of the journal's form") + ").");
    }
    content.records.emplace_back(record);
    content.bytes = end + 1;
  }
  return content;
}

}  // namespace tubal
