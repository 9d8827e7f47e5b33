// Rows of CSV files: text and label by the names of their columns, or as AG News has them.
#pragma once
#include <string>
#include <vector>

#include "experiments/data/corpus.hpp"

namespace tubal {

struct Columns {
  using Names = std::vector<std::string>;
  Names text, label;           // the first of them that the header has; no label: none is read
  bool named_by_keys = false;  // by data.text and data.label; else by the kind of data set
  std::string train, test;     // both files, for advice
};
void read_labelled_csv(Corpus& corpus, LabelledTexts& rows, const std::string& file, const Columns& columns);
void read_ag_news_csv(Corpus& corpus, LabelledTexts& rows, const std::string& file, const Columns& columns);

}  // namespace tubal
