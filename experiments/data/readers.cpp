#include "experiments/data/readers.hpp"

#include <stdexcept>

#include "experiments/config/data_sets.hpp"

namespace tubal {

// One file each in sets/.
DataReader imdb_reader(), ag_news_reader(), debian_reader(), csv_reader(), jsonl_reader(), synthetic_reader(),
    text_reader();

const std::vector<DataReader>& data_readers() {
  static const std::vector<DataReader> table = {imdb_reader(), ag_news_reader(), debian_reader(),
                                                csv_reader(),  jsonl_reader(),   synthetic_reader(),
                                                text_reader()};
  return table;
}

const DataReader& data_reader(const DataConfig& data) {
  const std::string& name = data_set(data.name).name;
  for (const DataReader& reader : data_readers())
    if (reader.name == name) return reader;
  throw std::logic_error("data set `" + name + "` has no row in data/readers.cpp");
}

}  // namespace tubal
