#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "experiments/corpus.hpp"
#include "experiments/csv.hpp"
#include "experiments/utf8.hpp"

namespace tubal {

namespace {

std::string_view open(Corpus& corpus, const std::string& file) {
  corpus.files.push_back(MappedFile::open(file));
  std::string_view bytes = corpus.files.back()->bytes();
  if (bytes.substr(0, 3) == "\xEF\xBB\xBF") bytes.remove_prefix(3);
  require_utf8(bytes, file);
  return bytes;
}

std::size_t column(const std::vector<std::string_view>& header, const std::string& name,
                   const std::string& key, const std::string& file) {
  std::vector<std::string> names(header.begin(), header.end());
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == name) return i;
  throw UsageError(
      file, 1, key,
      "there is no column `" + name + "`; the header has " + join(names) + ". " + did_you_mean(name, names));
}

}  // namespace

std::int32_t class_of(Corpus& corpus, std::string_view name, const std::string& where) {
  for (std::size_t i = 0; i < corpus.classes.size(); ++i)
    if (corpus.classes[i] == name) return static_cast<std::int32_t>(i);
  if (name.empty()) throw UsageError(where + ": the label is empty");
  if (corpus.classes.size() >= 1000)
    throw UsageError(where + ": more than 1000 different labels (`" + std::string(name.substr(0, 60)) +
                     "` is new); is `label` the right column?");
  corpus.classes.emplace_back(name);
  return static_cast<std::int32_t>(corpus.classes.size() - 1);
}

void read_labelled_csv(Corpus& corpus, Rows& rows, const std::string& file, const std::string& text,
                       const std::string& label) {
  const std::string_view bytes = open(corpus, file);
  CsvReader reader(bytes, file, corpus.arena);
  std::vector<std::string_view> fields;
  if (!reader.next(fields))
    throw UsageError(file + ": the file is empty; it needs a header and a row for each text");
  const std::size_t t = column(fields, text, "data.text", file),
                    l = column(fields, label, "data.label", file);
  while (reader.next(fields)) {
    rows.texts.push_back(fields[t]);
    rows.labels.push_back(class_of(corpus, fields[l], file));
  }
}

// The original files: "class 1-4","title","description", no header; or label,text with one.
void read_ag_news_csv(Corpus& corpus, Rows& rows, const std::string& file) {
  const std::string_view bytes = open(corpus, file);
  CsvReader reader(bytes, file, corpus.arena);
  std::vector<std::string_view> fields;
  if (!reader.next(fields)) throw UsageError(file + ": the file is empty");
  if (fields.size() == 2 && fields[0] == "label")
    return read_labelled_csv(corpus, rows, file, "text", "label");
  do {
    if (fields.size() != 3)
      throw UsageError(file, line_at(bytes, reader.offset()), "",
                       "found " + std::to_string(fields.size()) +
                           " columns; AG News has class, title, description (or label,text with a header)");
    if (fields[0].size() != 1 || fields[0][0] < '1' || fields[0][0] > '4')
      throw UsageError(file, line_at(bytes, reader.offset()), "",
                       "the class is `" + std::string(fields[0].substr(0, 40)) + "`; AG News has 1, 2, 3, 4");
    corpus.arena.push_back(std::string(fields[1]) + " " + std::string(fields[2]));
    rows.texts.push_back(corpus.arena.back());
    rows.labels.push_back(fields[0][0] - '1');
  } while (reader.next(fields));
  corpus.classes = {"World", "Sports", "Business", "Sci/Tech"};
}

void read_jsonl(Corpus& corpus, Rows& rows, const std::string& file, const std::string& text,
                const std::string& label) {
  const std::string_view bytes = open(corpus, file);
  int line = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t end = std::min(bytes.find('\n', at), bytes.size());
    const std::string_view one = bytes.substr(at, end - at);
    at = end + 1, ++line;
    if (one.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const auto json = nlohmann::json::parse(one, nullptr, false);
    if (!json.is_object()) throw UsageError(file, line, "", "this line is no JSON object");
    for (const auto& [key, name] : {std::pair{"data.text", &text}, {"data.label", &label}}) {
      std::vector<std::string> names;
      for (const auto& [k, v] : json.items()) names.push_back(k);
      if (!json.contains(*name))
        throw UsageError(file, line, key,
                         "there is no field `" + *name + "`; the object has " + join(names) + ". " +
                             did_you_mean(*name, names));
    }
    if (!json[text].is_string())
      throw UsageError(file, line, "data.text", "field `" + text + "` is no string");
    corpus.arena.push_back(json[text].get<std::string>());
    rows.texts.push_back(corpus.arena.back());
    rows.labels.push_back(
        class_of(corpus, json[label].is_string() ? json[label].get<std::string>() : json[label].dump(),
                 file + ":" + std::to_string(line)));
  }
}

}  // namespace tubal
