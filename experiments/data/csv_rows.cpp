#include "experiments/data/csv_rows.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "experiments/data/class_names.hpp"
#include "experiments/data/csv.hpp"

namespace tubal {

namespace {

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

void read_labelled_csv(Corpus& corpus, LabelledTexts& rows, const std::string& file, const Columns& columns) {
  const std::string_view bytes = open_rows(corpus, file);
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
  const std::string_view bytes = open_rows(corpus, file);
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

}  // namespace tubal
