// Two files of JSON lines, whose text and label are columns that the configuration names.
#include "experiments/data/class_names.hpp"
#include "experiments/data/jsonl_rows.hpp"
#include "experiments/data/places.hpp"

namespace tubal {

namespace {

void read_jsonl_files(Corpus& corpus, const DataConfig& d, const Paths& places) {
  const std::string label = d.language ? "" : d.label;
  read_jsonl(corpus, corpus.train, places[0], d.text, label);
  read_jsonl(corpus, corpus.test, places[1], d.text, label);
  if (!d.language) sort_classes(corpus);
}

}  // namespace

DataReader jsonl_reader() {
  return {.name = "jsonl", .places = two_files, .rows = read_jsonl_files, .describe = describe_columns};
}

}  // namespace tubal
