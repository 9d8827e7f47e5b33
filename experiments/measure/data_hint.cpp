#include "experiments/measure/data_hint.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "core/error.hpp"
#include "experiments/data/corpus.hpp"
#include "experiments/text/unpack.hpp"
#include "experiments/text/utf8.hpp"

namespace tubal {

DataHint data_hint(const DataConfig& data) {
  DataHint h;
  if (data.name == "imdb")
    h = {25000, 25000, 2, 234, 174, "imdb: 25,000 + 25,000 reviews"};
  else if (data.name == "ag_news")
    h = {120000, 7600, 4, 38, 37, "ag_news: 120,000 + 7,600 texts"};
  else if (data.name == "debian")
    h = {40000, 10000, 10, 7, 6.5, "debian: about 50,000 lines in ten sections; depends on apt's lists"};
  else if (data.name == "synthetic")
    h = {double(data.synthetic.train),  double(data.synthetic.test),   data.synthetic.classes,
         double(data.synthetic.length), double(data.synthetic.length), "synthetic: as configured"};
  else
    h = {0,
         0,
         2,
         0,
         0,
         data.name +
             ": rows and classes are not known before reading; two classes and full length are "
             "assumed"};
  if (data.train_rows > 0)
    h.train = h.train > 0 ? std::min<double>(h.train, data.train_rows) : data.train_rows;
  if (data.test_rows > 0) h.test = h.test > 0 ? std::min<double>(h.test, data.test_rows) : data.test_rows;
  return h;
}

namespace {

double size_of(const std::string& file) {
  std::error_code none;
  const auto bytes = std::filesystem::file_size(file, none);
  if (none) return 0;
  const bool packed = file.ends_with(".gz") || file.ends_with(".xz");
  return static_cast<double>(bytes) * (packed ? 3.5 : 1);
}

struct Bytes {
  double train = 0, validation = 0, test = 0;
};

Bytes bytes_of(const DataConfig& d) {
  Bytes b;
  if (d.name == "text") {
    for (const std::string& file : train_files(d)) b.train += size_of(file);
    const double all = b.train;
    if (!d.test.empty())
      b.test = size_of(resolve(d, d.test));
    else
      b.test = all * d.test_share, b.train -= b.test;
    if (!d.validation_file.empty()) {
      b.validation = size_of(resolve(d, d.validation_file));
    } else {
      b.validation = all * d.validation, b.train -= b.validation;
    }
    return b;
  }
  if (d.name == "csv" || d.name == "jsonl") {
    b.train = size_of(resolve(d, d.train)), b.test = size_of(resolve(d, d.test));
  } else {
    const DataHint rows = data_hint(d);
    const double word = 5.6;  // bytes, with the space
    b.train = rows.train * rows.mean * word, b.test = rows.test * rows.mean * word;
  }
  b.validation = b.train * d.validation, b.train -= b.validation;
  return b;
}

// Different characters of the training text's first 4 MB, which come near to all; 256 where it is not there.
int characters_of(const DataConfig& d) {
  constexpr std::size_t most = 4 << 20;
  std::set<char32_t> seen;
  try {
    for (const std::string& file : d.name == "text" ? train_files(d) : std::vector<std::string>{}) {
      std::deque<std::string> arena;
      const auto mapped = MappedFile::open(file);
      std::string_view text = unpacked(mapped->bytes(), file, arena).substr(0, most);
      text = text.substr(0, std::min(invalid_utf8(text), text.size()));
      for (const char *p = text.data(), *const end = p + text.size(); p < end;) seen.insert(decode_utf8(p));
    }
  } catch (const Error&) {
  }
  return std::min(d.tokenizer.vocabulary, seen.empty() ? 256 : static_cast<int>(seen.size()) + 2);
}

}  // namespace

TextHint text_hint(const DataConfig& d) {
  const bool characters = d.tokenizer.kind == "char";
  const double token = characters ? 1 : d.tokenizer.kind == "word" ? 4.5 : 4;
  const Bytes b = bytes_of(d);
  TextHint h{b.train / token, b.validation / token, b.test / token, d.tokenizer.vocabulary, ""};
  if (characters) h.vocabulary = characters_of(d);
  h.source = d.name + ": from the sizes of what is there";
  return h;
}

}  // namespace tubal
