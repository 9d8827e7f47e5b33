// A data set before tokenization: texts and labels of its training and test parts, read and checked.
#pragma once
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/config.hpp"
#include "experiments/mapped_file.hpp"

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

/// The files that a data set is read from, so that a cache can tell whether they changed; {} for synthetic.
std::vector<std::string> corpus_files(const DataConfig& data);
/// Refuses a data set whose files are not there or cannot be opened, as read_corpus() would, without reading
/// them.
void require_corpus(const DataConfig& data);

/// Reads both parts; where data.language without labels, which then need not be there. Throws UsageError for
/// a missing file, an empty part, one class only, text that is not UTF-8, a label that is none, a column that
/// is not there.
Corpus read_corpus(const DataConfig& data);

// One reader a kind of data set (corpus_csv.cpp, corpus_other.cpp); read_corpus() checks what they give.
struct Columns {
  using Names = std::vector<std::string>;
  Names text, label;           // the first of them that the header has; no label: none is read
  bool named_by_keys = false;  // by data.text and data.label; else by the kind of data set
  std::string train, test;     // both files, for advice
};
void read_labelled_csv(Corpus& corpus, LabelledTexts& rows, const std::string& file, const Columns& columns);
void read_ag_news_csv(Corpus& corpus, LabelledTexts& rows, const std::string& file, const Columns& columns);
void read_acl_folder(Corpus& corpus, LabelledTexts& rows, const std::string& folder);
void read_jsonl(Corpus& corpus, LabelledTexts& rows, const std::string& file, const std::string& text,
                const std::string& label);
void read_debian(Corpus& corpus, const std::vector<std::string>& files);
void make_synthetic(Corpus& corpus, const SyntheticConfig& config);

/// Number of the class that a file calls `name`. Where the data set names its classes (`fixed`), that is
/// 0..C-1; else `classes` grows, and labels are all integers or all names. What is wrong with the label goes
/// to `problem`.
std::int32_t class_of(Corpus& corpus, std::string_view name, std::string& problem);

}  // namespace tubal
