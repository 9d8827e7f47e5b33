// What a data set will come to, before it is read.
#pragma once
#include <string>

#include "experiments/config/config.hpp"

namespace tubal {

/// What is known of a data set before it is read.
struct DataHint {
  double train = 0, test = 0;  // rows; 0: unknown
  int classes = 2;
  double mean = 0, median = 0;  // words a text; 0: unknown
  std::string source;           // where the figures come from, for people
};
DataHint data_hint(const DataConfig& data);
/// Rows of a file of a well-known set, which may be a part of it: by its size, where that is more than 5 %
/// off the usual number of rows of so many bytes; the usual number also where there is no file.
double rows_by_size(const std::string& file, double usual, double bytes_a_row);
/// The source of such figures, for people: "ag_news: about 67,000 + 7,600 texts".
std::string rows_source(const std::string& name, double train, double test, bool usual,
                        const std::string& things);

/// Bytes of running text; 0: unknown.
struct PartBytes {
  double train = 0, validation = 0, test = 0;
};
/// Of a file, 3.5 times its size where it is packed; 0 where it is not there.
double unpacked_size(const std::string& file);

/// The same of a language model's data: tokens of each part and entries of the vocabulary, from the sizes of
/// the files that are there, 1 byte a character, 4.5 a word and 4 a piece.
struct TextHint {
  double train = 0, validation = 0, test = 0;  // 0: unknown
  int vocabulary = 0;
  std::string source;
};
TextHint text_hint(const DataConfig& data);

}  // namespace tubal
