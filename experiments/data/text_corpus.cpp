#include "experiments/data/text_corpus.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "core/error.hpp"
#include "experiments/data/readers.hpp"

namespace tubal {

namespace {

using Documents = TextCorpus::Documents;

}  // namespace

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
    documents = {all.substr(0, at)};
    end = {all.substr(at)};
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

void require_some(const Documents& part, const char* key, double share, const char* which) {
  if (part.empty())
    throw UsageError("", 0, key,
                     "a share of " + nlohmann::json(share).dump() + " of this text leaves nothing for " +
                         which + "; every part needs some.");
}

namespace {

// Texts of a labelled set as documents.
void read_rows(TextCorpus& corpus, const DataReader& reader, const DataConfig& d) {
  corpus.rows = read_corpus(d);
  const auto take = [&](const LabelledTexts& rows, Documents& out) {
    for (std::string_view text : rows.texts) {
      if (text.find('\0') != text.npos)
        throw UsageError("", 0, "data",
                         "text " + std::to_string(out.size() + 1) + " of data set `" + d.name +
                             "` holds a zero byte, which no text does; remove it.");
      if (reader.plain) text = reader.plain(text, corpus.arena);
      if (!text.empty()) out.push_back(text);
    }
  };
  take(corpus.rows.train, corpus.train);
  take(corpus.rows.test, corpus.test);
  corpus.validation = take_end(corpus, corpus.train, 1 - d.validation);
  require_some(corpus.validation, "data.validation", d.validation, "validation");
}

}  // namespace

TextCorpus read_text_corpus(const DataConfig& d) {
  const DataReader& reader = data_reader(d);
  TextCorpus corpus;
  if (reader.documents)
    reader.documents(corpus, d);
  else
    read_rows(corpus, reader, d);
  require_some(corpus.train, "data.validation", d.validation, "training");
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
