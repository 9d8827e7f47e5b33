#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/text.hpp"
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

std::vector<std::string> copies(const std::vector<std::string_view>& fields) {
  return {fields.begin(), fields.end()};
}

// Which of the columns `wanted` there is, or header.size().
std::size_t find_column(const std::vector<std::string_view>& header, const Columns::Names& wanted) {
  for (const std::string& name : wanted)
    for (std::size_t i = 0; i < header.size(); ++i)
      if (header[i] == name) return i;
  return header.size();
}

std::size_t column(const std::vector<std::string_view>& header, const Columns::Names& wanted,
                   const std::string& key, const Columns& columns, const std::string& file) {
  const std::size_t found = find_column(header, wanted);
  if (found < header.size()) return found;
  const std::vector<std::string> names = copies(header);
  if (columns.named_by_keys)
    throw UsageError(file, 1, key,
                     "there is no column `" + shown(wanted[0]) + "`; the header has " + shown_list(names) +
                         ". " + did_you_mean(wanted[0], names));
  throw UsageError(file, 1, "",
                   "there is no column " + join(wanted, " or ") + "; the header has " + shown_list(names) +
                       ". Files with other columns are read with `name: csv`: data: {name: csv, train: " +
                       columns.train + ", test: " + columns.test + ", text: COLUMN, label: COLUMN}");
}

}  // namespace

std::int32_t class_of(Corpus& corpus, std::string_view name, std::string& problem) {
  const std::string shown = "`" + tubal::shown(name) + "`";
  const auto integer = [](std::string_view s) {
    if (!s.empty() && s[0] == '-') s.remove_prefix(1);
    return !s.empty() && s.size() < 18 && s.find_first_not_of("0123456789") == s.npos &&
           (s[0] != '0' || s.size() == 1);
  };
  auto& classes = corpus.classes;
  if (name.find('\0') != name.npos) {
    problem = "the label " + shown + " holds a NUL byte, which no class's name can; remove it.";
    return 0;
  }
  if (corpus.fixed) {
    if (integer(name) && name[0] != '-')
      if (const long long k = std::stoll(std::string(name)); k < static_cast<long long>(classes.size()))
        return static_cast<std::int32_t>(k);
    for (std::size_t k = 0; k < classes.size(); ++k)  // or by its name, in any case of letters
      if (std::equal(name.begin(), name.end(), classes[k].begin(), classes[k].end(), [](char a, char b) {
            return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
          }))
        return static_cast<std::int32_t>(k);
    std::string allowed;
    for (std::size_t k = 0; k < classes.size(); ++k)
      allowed += (k ? ", " : "") + std::to_string(k) + " " + classes[k];
    problem = "the label is " + shown + "; allowed are " + allowed + ".";
    return 0;
  }
  for (std::size_t k = 0; k < classes.size(); ++k)
    if (classes[k] == name) return static_cast<std::int32_t>(k);
  if (name.empty())
    problem = "the label is empty.";
  else if (!classes.empty() && integer(classes[0]) != integer(name))
    problem = "the label " + shown + (integer(name) ? " is an integer" : " is no integer") +
              " and the first row's, `" + classes[0] + (integer(name) ? "`, is none" : "`, is one") +
              "; a file labels with integers or with names, not with both.";
  else if (classes.size() >= 1000)
    problem = shown + " is the 1001st different label; is this the right column?";
  else
    classes.emplace_back(name);
  return static_cast<std::int32_t>(classes.size()) - 1;
}

void read_labelled_csv(Corpus& corpus, LabelledTexts& rows, const std::string& file, const Columns& columns) {
  const std::string_view bytes = open(corpus, file);
  CsvReader reader(bytes, file, corpus.arena);
  std::vector<std::string_view> fields;
  if (!reader.next(fields))
    throw UsageError(file + ": the file is empty; it needs a header and a row for each text");
  const std::size_t t = column(fields, columns.text, "data.text", columns, file),
                    l = columns.label.empty() ? t
                                              : column(fields, columns.label, "data.label", columns, file);
  std::string problem;
  while (reader.next(fields)) {
    rows.texts.push_back(fields[t]);
    if (columns.label.empty()) continue;
    rows.labels.push_back(class_of(corpus, fields[l], problem));
    if (!problem.empty())
      throw UsageError(file, line_at(bytes, reader.offset()), columns.named_by_keys ? "data.label" : "",
                       problem);
  }
}

// The original files: "class 1-4","title","description", with no header or Kaggle's (Class Index, Title,
// Description); or a text and a label 0-3 under a header that names them.
void read_ag_news_csv(Corpus& corpus, LabelledTexts& rows, const std::string& file, const Columns& columns) {
  const std::string_view bytes = open(corpus, file);
  CsvReader reader(bytes, file, corpus.arena);
  std::vector<std::string_view> fields;
  if (!reader.next(fields)) throw UsageError(file + ": the file is empty");
  if (find_column(fields, columns.text) < fields.size() && find_column(fields, columns.label) < fields.size())
    return read_labelled_csv(corpus, rows, file, columns);
  if (fields.size() == 3 && find_column(fields, {"Class Index", "class", "label"}) == 0 &&
      !reader.next(fields))
    throw UsageError(file + ": there is a header and no row below it");
  do {
    if (fields.size() != 3)
      throw UsageError(
          file, line_at(bytes, reader.offset()), "",
          "found " + std::to_string(fields.size()) + " columns (" + shown_list(copies(fields)) +
              "); AG News has class, title, description, or text and label under a header. Files "
              "with other columns are read with `name: csv`: data: {name: csv, train: " +
              columns.train + ", test: " + columns.test + ", text: COLUMN, label: COLUMN}");
    if (fields[0].size() != 1 || fields[0][0] < '1' || fields[0][0] > '4')
      throw UsageError(file, line_at(bytes, reader.offset()), "",
                       "the class is `" + shown(fields[0], 40) + "`; AG News has 1, 2, 3, 4");
    corpus.arena.push_back(std::string(fields[1]) + " " + std::string(fields[2]));
    rows.texts.push_back(corpus.arena.back());
    rows.labels.push_back(fields[0][0] - '1');
  } while (reader.next(fields));
}

void read_jsonl(Corpus& corpus, LabelledTexts& rows, const std::string& file, const std::string& text,
                const std::string& label) {
  const std::string_view bytes = open(corpus, file);
  int line = 0;
  std::string problem;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t end = std::min(bytes.find('\n', at), bytes.size());
    const std::string_view one = bytes.substr(at, end - at);
    at = end + 1, ++line;
    if (one.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const auto json = nlohmann::json::parse(one, nullptr, false);
    if (!json.is_object())
      throw UsageError(file, line, "",
                       "this line is no JSON object; each line holds one, such as {\"" + text +
                           "\": \"...\"" + (label.empty() ? "" : ", \"" + label + "\": 0") + "}.");
    const auto field = [&](const char* key, const std::string& name) -> const nlohmann::json& {
      if (const auto found = json.find(name); found != json.end()) return *found;
      std::vector<std::string> names;
      for (const auto& [k, v] : json.items()) names.push_back(k);
      throw UsageError(file, line, key,
                       "there is no field `" + shown(name) + "`; the object has " + shown_list(names) + ". " +
                           did_you_mean(name, names));
    };
    const auto& words = field("data.text", text);
    if (!words.is_string())
      throw UsageError(file, line, "data.text",
                       "the field `" + text + "` is no text: " + words.dump().substr(0, 60));
    if (label.empty()) {
      corpus.arena.push_back(words.get<std::string>());
      rows.texts.push_back(corpus.arena.back());
      continue;
    }
    const auto& kind = field("data.label", label);
    if (!kind.is_string() && !kind.is_number_integer())
      throw UsageError(
          file, line, "data.label",
          "the field `" + label + "` is " + shown(kind.dump()) + "; a label is an integer or a name.");
    corpus.arena.push_back(words.get<std::string>());
    rows.texts.push_back(corpus.arena.back());
    rows.labels.push_back(
        class_of(corpus, kind.is_string() ? kind.get<std::string>() : kind.dump(), problem));
    if (!problem.empty()) throw UsageError(file, line, "data.label", problem);
  }
}

}  // namespace tubal
