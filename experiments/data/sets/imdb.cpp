// IMDB's reviews: aclImdb with pos/*.txt and neg/*.txt, in the order of their names, or two CSV files.
#include <algorithm>
#include <filesystem>

#include "core/error.hpp"
#include "experiments/data/csv_rows.hpp"
#include "experiments/data/data_hint.hpp"
#include "experiments/data/places.hpp"
#include "experiments/text/tokenizer_kinds.hpp"
#include "experiments/text/utf8.hpp"

namespace tubal {

namespace fs = std::filesystem;

namespace {

const char* const sides[] = {"neg", "pos"};  // labels 0 and 1

Paths imdb_places(const DataConfig& d) {
  fs::path folder = data_folder(d);
  if (fs::is_directory(folder / "aclImdb")) folder /= "aclImdb";
  Paths places;
  for (const std::string part : {"train", "test"})
    places.push_back(fs::is_directory(folder / part) ? folder / part : folder / (part + ".csv"));
  return places;
}

Paths imdb_files(const DataConfig& d) {
  const Paths places = imdb_places(d);
  Paths files = files_among(places);
  std::error_code missing;
  for (const fs::path place : places)
    for (const char* side : sides)
      for (const auto& entry : fs::directory_iterator(place / side, missing))
        if (entry.path().extension() == ".txt") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

void require_side(const fs::path& path) {
  if (fs::is_directory(path)) return;
  throw UsageError(path.string() +
                   ": no such folder; aclImdb has train/pos, train/neg, test/pos and test/neg");
}

void require_imdb(const Paths& places) {
  for (const fs::path place : places)
    if (!fs::is_directory(place))
      MappedFile::open(place);
    else
      for (const char* side : sides) require_side(place / side);
}

void read_acl_folder(Corpus& corpus, LabelledTexts& rows, const fs::path& folder) {
  std::int32_t label = 0;
  for (const char* side : sides) {
    require_side(folder / side);
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder / side))
      if (entry.path().extension() == ".txt") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files) {
      const auto mapped = MappedFile::open(file);
      require_utf8(mapped->bytes(), file.string());
      corpus.arena.emplace_back(mapped->bytes());
      rows.texts.push_back(corpus.arena.back());
      rows.labels.push_back(label);
    }
    ++label;
  }
}

void read_imdb(Corpus& corpus, const DataConfig& d, const Paths& places) {
  corpus.classes = {"negative", "positive"};
  corpus.fixed = true;
  const Columns::Names labels = {"label", "sentiment"};
  for (const auto& [place, rows] : {std::pair{&places[0], &corpus.train}, {&places[1], &corpus.test}})
    if (fs::is_directory(*place))
      read_acl_folder(corpus, *rows, *place);
    else
      read_labelled_csv(
          corpus, *rows, *place,
          {{"text", "review"}, d.language ? Columns::Names{} : labels, false, places[0], places[1]});
}

// Reviews hold line breaks as tags: they become what they mean.
std::string_view without_tags(std::string_view text, std::deque<std::string>& arena) {
  if (text.find('<') == text.npos) return text;
  std::string& plain = arena.emplace_back();
  while (!text.empty()) {
    const std::size_t tag = text[0] == '<' ? line_break(text) : 0;
    const std::size_t bytes = tag ? 0 : std::max<std::size_t>(1, std::min(text.find('<'), text.size()));
    plain += tag ? std::string_view("\n") : text.substr(0, bytes);
    text.remove_prefix(tag ? tag : bytes);
  }
  return plain;
}

DataHint imdb_hint(const DataConfig& d) {
  constexpr double part = 25000, bytes_a_row = 1320;
  const Paths places = parts_if_there(imdb_places, d);
  const double train = rows_by_size(places[0], part, bytes_a_row),
               test = rows_by_size(places[1], part, bytes_a_row);
  return {train, test, 2,
          234,   174,  rows_source("imdb", train, test, train == part && test == part, "reviews")};
}

}  // namespace

DataReader imdb_reader() {
  return {.name = "imdb",
          .places = imdb_places,
          .files = imdb_files,
          .require = require_imdb,
          .rows = read_imdb,
          .plain = without_tags,
          .hint = imdb_hint};
}

}  // namespace tubal
