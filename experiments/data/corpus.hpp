// A data set before tokenization: texts and labels of its training and test parts, read and checked. How
// each data set is read: readers.hpp.
#pragma once
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/config/config.hpp"
#include "experiments/text/mapped_file.hpp"

namespace tubal {

struct LabelledTexts {
  std::vector<std::string_view> texts;  // valid UTF-8
  std::vector<std::int32_t> labels;     // 0-based; none for a language model
};

struct Corpus {
  LabelledTexts train, test;
  std::vector<std::string> classes;  // names
  bool fixed = false;                // the data set itself names its classes
  // What the views look into.
  std::vector<std::shared_ptr<const MappedFile>> files;
  std::deque<std::string> arena;
};

/// The files that a data set is read from, so that a cache can tell whether they changed; {}
/// where it has none.
std::vector<std::string> corpus_files(const DataConfig& data);
/// Refuses a data set whose files are not there or cannot be opened, as read_corpus()
/// would, without reading them.
void require_corpus(const DataConfig& data);

/// Reads both parts; where data.language without labels, which then need not be there. Throws UsageError
/// for a missing file, an empty part, one class only, text that is not UTF-8, a label that is none, a
/// column that is not there.
Corpus read_corpus(const DataConfig& data);

/// For a reader of rows: the bytes of a file, checked to be UTF-8, without a byte order mark.
std::string_view open_rows(Corpus& corpus, const std::string& file);

}  // namespace tubal
