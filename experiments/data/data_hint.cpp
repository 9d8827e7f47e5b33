#include "experiments/data/data_hint.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include "core/error.hpp"
#include "core/format.hpp"
#include "experiments/data/readers.hpp"
#include "experiments/text/unpack.hpp"
#include "experiments/text/utf8.hpp"

namespace tubal {

DataHint data_hint(const DataConfig& data) {
  const DataReader& reader = data_reader(data);
  DataHint h;
  if (reader.hint)
    h = reader.hint(data);
  else
    h.source = data.name +
               ": rows and classes are not known before reading; two classes and full length are assumed";
  if (data.train_rows > 0)
    h.train = h.train > 0 ? std::min<double>(h.train, data.train_rows) : data.train_rows;
  if (data.test_rows > 0) h.test = h.test > 0 ? std::min<double>(h.test, data.test_rows) : data.test_rows;
  return h;
}

double rows_by_size(const std::string& file, double usual, double bytes_a_row) {
  std::error_code none;
  const auto bytes = std::filesystem::file_size(file, none);
  if (none || !std::filesystem::is_regular_file(file, none)) return usual;
  const double rows = std::max(1., std::round(static_cast<double>(bytes) / bytes_a_row / 100) * 100);
  return std::abs(rows - usual) <= 0.05 * usual ? usual : rows;
}

std::string rows_source(const std::string& name, double train, double test, bool usual,
                        const std::string& things) {
  const auto number = [](double rows) { return grouped(static_cast<long long>(rows)); };
  return name + ": " + (usual ? "" : "about ") + number(train) + " + " + number(test) + " " + things +
         (usual ? "" : " by the sizes of the files");
}

double unpacked_size(const std::string& file) {
  std::error_code none;
  const auto bytes = std::filesystem::file_size(file, none);
  if (none) return 0;
  const bool packed = file.ends_with(".gz") || file.ends_with(".xz");
  return static_cast<double>(bytes) * (packed ? 3.5 : 1);
}

namespace {

PartBytes bytes_of(const DataConfig& d) {
  const DataReader& reader = data_reader(d);
  if (reader.bytes) return reader.bytes(d);
  PartBytes b;
  if (reader.hint) {
    const DataHint rows = data_hint(d);
    const double word = 5.6;  // bytes, with the space
    b.train = rows.train * rows.mean * word;
    b.test = rows.test * rows.mean * word;
  } else {
    const Paths places = reader.places(d);
    b.train = unpacked_size(places[0]);
    b.test = unpacked_size(places[1]);
  }
  b.validation = b.train * d.validation;
  b.train -= b.validation;
  return b;
}

// Different characters of the training text's first 4 MB, which come near to all; 256 where it is not there.
int characters_of(const DataConfig& d) {
  constexpr std::size_t most = 4 << 20;
  std::set<char32_t> seen;
  try {
    for (const std::string& file : data_reader(d).documents ? train_files(d) : Paths{}) {
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
  const PartBytes b = bytes_of(d);
  TextHint h{b.train / token, b.validation / token, b.test / token, d.tokenizer.vocabulary, ""};
  if (characters) h.vocabulary = characters_of(d);
  h.source = d.name + ": from the sizes of what is there";
  return h;
}

}  // namespace tubal
