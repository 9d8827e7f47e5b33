#include "experiments/data/text_corpus.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "core/error.hpp"
#include "experiments/text/tokenizer_kinds.hpp"
#include "experiments/text/unpack.hpp"
#include "experiments/text/utf8.hpp"

namespace tubal {

namespace {

using Documents = TextCorpus::Documents;

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

// The documents from the share `from` of all bytes on.
Documents take_end(TextCorpus& corpus, Documents& documents, double from) {
  const double bytes = std::accumulate(documents.begin(), documents.end(), 0., [](double sum, auto d) {
    return sum + static_cast<double>(d.size());
  });
  const auto target = static_cast<std::size_t>(from * bytes);
  Documents end;
  if (!corpus.marked) {
    const std::string_view all = documents[0];
    std::size_t at = std::min(target, all.size());
    while (at > 0 && at < all.size() && (all[at] & 0xC0) == 0x80) --at;
    documents = {all.substr(0, at)}, end = {all.substr(at)};
  } else {
    std::size_t n = 0, before = 0;
    while (n < documents.size() && before + documents[n].size() / 2 < target) before += documents[n++].size();
    end.assign(documents.begin() + static_cast<std::ptrdiff_t>(n), documents.end());
    documents.resize(n);
  }
  for (Documents* part : {&documents, &end})
    if (!part->empty() && part->front().empty()) part->clear();
  return end;
}

void need(const Documents& part, const char* key, double share, const char* which) {
  if (part.empty())
    throw UsageError("", 0, key,
                     "a share of " + nlohmann::json(share).dump() + " of this text leaves nothing for " +
                         which + "; every part needs some.");
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

void read_files(TextCorpus& corpus, const DataConfig& d) {
  corpus.marked = d.documents != "stream";
  std::vector<std::string> files = train_files(d);
  std::vector<const char*> keys(files.size(), "data.train");
  corpus.train = documents_of(corpus, d, files, "data.train");
  const auto part = [&](Documents& out, const std::string& file, const char* key) {
    if (file.empty()) return;
    files.push_back(resolve(d, file)), keys.push_back(key);
    out = documents_of(corpus, d, {files.back()}, key);
  };
  part(corpus.validation, d.validation_file, "data.validation");
  part(corpus.test, d.test, "data.test");
  differ(corpus, files, keys);
  const double train = 1 - (d.validation_file.empty() ? d.validation : 0);
  if (d.test_share > 0) {
    corpus.test = take_end(corpus, corpus.train, 1 - d.test_share);
    need(corpus.test, "data.test", d.test_share, "testing");
  }
  if (!d.validation_file.empty()) return;
  corpus.validation = take_end(corpus, corpus.train, (train - d.test_share) / (1 - d.test_share));
  need(corpus.validation, "data.validation", d.validation, "validation");
}

// Texts of a labelled set as documents. IMDB's reviews hold line breaks as tags: they become what they mean.
void read_rows(TextCorpus& corpus, const DataConfig& d) {
  corpus.rows = read_corpus(d);
  const auto take = [&](const LabelledTexts& rows, Documents& out) {
    for (std::string_view text : rows.texts) {
      if (text.find('\0') != text.npos)
        throw UsageError("", 0, "data",
                         "text " + std::to_string(out.size() + 1) + " of data set `" + d.name +
                             "` holds a zero byte, which no text does; remove it.");
      if (d.name == "imdb" && text.find('<') != text.npos) {
        std::string& plain = corpus.arena.emplace_back();
        while (!text.empty()) {
          const std::size_t tag = text[0] == '<' ? line_break(text) : 0;
          const std::size_t plain_bytes =
              tag ? 0 : std::max<std::size_t>(1, std::min(text.find('<'), text.size()));
          plain += tag ? std::string_view("\n") : text.substr(0, plain_bytes);
          text.remove_prefix(tag ? tag : plain_bytes);
        }
        text = plain;
      }
      if (!text.empty()) out.push_back(text);
    }
  };
  take(corpus.rows.train, corpus.train);
  take(corpus.rows.test, corpus.test);
  corpus.validation = take_end(corpus, corpus.train, 1 - d.validation);
  need(corpus.validation, "data.validation", d.validation, "validation");
}

}  // namespace

TextCorpus read_text_corpus(const DataConfig& d) {
  TextCorpus corpus;
  if (d.name == "text")
    read_files(corpus, d);
  else
    read_rows(corpus, d);
  need(corpus.train, "data.validation", d.validation, "training");
  return corpus;
}

std::int64_t byte_count(const Documents& documents, bool marked) {
  std::size_t n = marked ? documents.size() : 0;
  for (const std::string_view d : documents) n += d.size();
  return static_cast<std::int64_t>(n);
}

std::int64_t character_count(const Documents& documents, bool marked) {
  std::int64_t n = marked ? static_cast<std::int64_t>(documents.size()) : 0;
  for (const std::string_view d : documents)
    n += std::count_if(d.begin(), d.end(), [](char c) { return (c & 0xC0) != 0x80; });
  return n;
}

}  // namespace tubal
