// AG News: train.csv and test.csv in one folder.
#include "experiments/data/csv_rows.hpp"
#include "experiments/data/data_hint.hpp"
#include "experiments/data/places.hpp"

namespace tubal {

namespace {

Paths ag_news_places(const DataConfig& d) {
  const std::filesystem::path folder = data_folder(d);
  return {folder / "train.csv", folder / "test.csv"};
}

void read_ag_news(Corpus& corpus, const DataConfig&, const Paths& places) {
  corpus.classes = {"World", "Sports", "Business", "Sci/Tech"};
  corpus.fixed = true;
  const Columns columns = {{"text"}, {"label"}, false, places[0], places[1]};
  read_ag_news_csv(corpus, corpus.train, places[0], columns);
  read_ag_news_csv(corpus, corpus.test, places[1], columns);
}

DataHint ag_news_hint(const DataConfig& d) {
  constexpr double train = 120000, test = 7600, bytes_a_row = 243;
  const Paths places = parts_if_there(ag_news_places, d);
  const double there = rows_by_size(places[0], train, bytes_a_row),
               tested = rows_by_size(places[1], test, bytes_a_row);
  return {there, tested, 4,
          38,    37,     rows_source("ag_news", there, tested, there == train && tested == test, "texts")};
}

}  // namespace

DataReader ag_news_reader() {
  return {.name = "ag_news", .places = ag_news_places, .rows = read_ag_news, .hint = ag_news_hint};
}

}  // namespace tubal
