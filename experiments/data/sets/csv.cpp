// Two CSV files with a header, whose text and label are columns that the configuration names.
#include "experiments/data/class_names.hpp"
#include "experiments/data/csv_rows.hpp"
#include "experiments/data/places.hpp"

namespace tubal {

namespace {

void read_csv_files(Corpus& corpus, const DataConfig& d, const Paths& places) {
  const Columns columns = {
      {d.text}, d.language ? Columns::Names{} : Columns::Names{d.label}, true, places[0], places[1]};
  read_labelled_csv(corpus, corpus.train, places[0], columns);
  read_labelled_csv(corpus, corpus.test, places[1], columns);
  if (!d.language) sort_classes(corpus);
}

}  // namespace

DataReader csv_reader() {
  return {.name = "csv", .places = two_files, .rows = read_csv_files, .describe = describe_columns};
}

}  // namespace tubal
