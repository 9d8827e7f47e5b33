// Plain files, packed or not, for language models.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "experiments/data/readers.hpp"
#include "experiments/text/unpack.hpp"
#include "experiments/text/utf8.hpp"

namespace tubal {

namespace {

using Documents = TextCorpus::Documents;

Paths training_files(const DataConfig& d) {
  Paths files = train_files(d);
  if (files.empty())
    throw UsageError("data.train: missing; data.name: " + d.name + " needs a file, or several.");
  return files;
}

// In the order of the stream.
Paths text_files(const DataConfig& d) {
  Paths files = training_files(d);
  for (const std::string& file : {d.validation_file, d.test})
    if (!file.empty()) files.push_back(resolve(d, file));
  return files;
}

// A zero byte is no text, and vocabularies end their words with it.
void require_text(std::string_view text, const std::string& file) {
  require_utf8(text, file);
  const std::size_t at = text.find('\0');
  if (at == text.npos) return;
  throw UsageError(
      file, line_at(text, at), "",
      "byte " + std::to_string(at + 1) + " of the file is zero, which no text holds; is this a text file?");
}

std::string_view open(TextCorpus& corpus, const std::string& file, const char* key) {
  corpus.files.push_back(MappedFile::open(file));
  std::string_view bytes = unpacked(corpus.files.back()->bytes(), file, corpus.arena);
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  require_text(bytes, file);
  if (bytes.find_first_not_of(" \t\r\n") == bytes.npos)
    throw UsageError(file, 0, key,
                     bytes.empty() ? "the file is empty; it needs text."
                                   : "the file holds white space alone; it needs text.");
  corpus.contents.push_back(bytes);
  return bytes;
}

std::string_view without_line_end(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// Lines that are not blank; or runs of them, which blank lines part.
void cut(std::string_view text, bool paragraphs, Documents& out) {
  std::size_t begin = 0, end = 0;
  const auto close = [&](std::size_t next) {
    if (end > begin) out.push_back(without_line_end(text.substr(begin, end - begin)));
    begin = end = next;
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t next = std::min(text.find('\n', at), text.size() - 1) + 1;
    const bool blank = text.substr(at, next - at).find_first_not_of(" \t\r\n") == text.npos;
    if (blank)
      close(next);
    else
      end = next;
    if (!paragraphs) close(next);
    at = next;
  }
  close(text.size());
}

Documents documents_of(TextCorpus& corpus, const DataConfig& d, const std::vector<std::string>& files,
                       const char* key) {
  Documents texts, out;
  for (const std::string& file : files) texts.push_back(open(corpus, file, key));
  if (d.documents == "line" || d.documents == "paragraph") {
    for (const std::string_view text : texts) cut(text, d.documents == "paragraph", out);
  } else if (d.documents == "file") {
    for (const std::string_view text : texts) out.push_back(without_line_end(text));
  } else if (texts.size() == 1) {
    out = texts;
  } else {  // one stream: nothing stands between files
    std::string& all = corpus.arena.emplace_back();
    for (const std::string_view text : texts) all += text;
    out = {all};
  }
  return out;
}

// A model that is judged on what it was trained on looks better than it is.
void differ(const TextCorpus& corpus, const std::vector<std::string>& files,
            const std::vector<const char*>& keys) {
  for (std::size_t i = 0; i < files.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (keys[i] != keys[j] && corpus.contents[i] == corpus.contents[j])
        throw UsageError(files[i], 0, keys[i],
                         std::string("holds the same text as the file of ") + keys[j] + ", " + files[j] +
                             "; name another one, or a share such as 0.1 for the end of the training text.");
}

void read_text_files(TextCorpus& corpus, const DataConfig& d) {
  corpus.marked = d.documents != "stream";
  Paths files = training_files(d);
  std::vector<const char*> keys(files.size(), "data.train");
  corpus.train = documents_of(corpus, d, files, "data.train");
  const auto part = [&](Documents& out, const std::string& file, const char* key) {
    if (file.empty()) return;
    files.push_back(resolve(d, file));
    keys.push_back(key);
    out = documents_of(corpus, d, {files.back()}, key);
  };
  part(corpus.validation, d.validation_file, "data.validation");
  part(corpus.test, d.test, "data.test");
  differ(corpus, files, keys);
  const double train = 1 - (d.validation_file.empty() ? d.validation : 0);
  if (d.test_share > 0) {
    corpus.test = take_end(corpus, corpus.train, 1 - d.test_share);
    require_some(corpus.test, "data.test", d.test_share, "testing");
  }
  if (!d.validation_file.empty()) return;
  corpus.validation = take_end(corpus, corpus.train, (train - d.test_share) / (1 - d.test_share));
  require_some(corpus.validation, "data.validation", d.validation, "validation");
}

PartBytes text_bytes(const DataConfig& d) {
  PartBytes b;
  for (const std::string& file : train_files(d)) b.train += unpacked_size(file);
  const double all = b.train;
  b.test = d.test.empty() ? all * d.test_share : unpacked_size(resolve(d, d.test));
  b.validation =
      d.validation_file.empty() ? all * d.validation : unpacked_size(resolve(d, d.validation_file));
  if (d.test.empty()) b.train -= b.test;
  if (d.validation_file.empty()) b.train -= b.validation;
  return b;
}

void describe_text_files(const DataConfig& d, nlohmann::json& out) {
  out["files"] = {train_files(d).size(), !d.validation_file.empty(), !d.test.empty(), d.test_share,
                  d.documents};
}

}  // namespace

DataReader text_reader() {
  return {.name = "text",
          .places = text_files,
          .files = text_files,
          .documents = read_text_files,
          .bytes = text_bytes,
          .describe = describe_text_files};
}

}  // namespace tubal
