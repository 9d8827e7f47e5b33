#include "experiments/data/data_report.hpp"

#include <algorithm>
#include <limits>
#include <unordered_set>

#include "experiments/data/corpus.hpp"
#include "experiments/data/split.hpp"
#include "experiments/text/tokenizer_kinds.hpp"

namespace tubal {

namespace {

using Texts = std::unordered_set<std::string_view>;

PartReport report(const LabelledTexts& rows, std::size_t classes, const Encode& encode, int max_length) {
  PartReport r;
  r.texts = static_cast<std::int64_t>(rows.texts.size());
  r.per_class.resize(classes);
  std::vector<std::int64_t> lengths;
  for (std::size_t i = 0; i < rows.texts.size(); ++i) {
    ++r.per_class[static_cast<std::size_t>(rows.labels[i])];
    const auto tokens = encode(rows.texts[i], std::numeric_limits<int>::max());
    lengths.push_back(static_cast<std::int64_t>(tokens.size()));
    r.cut += lengths.back() > max_length;
    r.empty += tokens.empty();
    r.tokens += lengths.back();
    r.unknown += std::count(tokens.begin(), tokens.end(), unknown_token);
  }
  r.repeated = r.texts - static_cast<std::int64_t>(Texts(rows.texts.begin(), rows.texts.end()).size());
  std::sort(lengths.begin(), lengths.end());
  if (lengths.empty()) return r;
  r.mean = static_cast<double>(r.tokens) / static_cast<double>(r.texts);
  r.median = lengths[lengths.size() / 2];
  r.p90 = lengths[lengths.size() * 9 / 10];
  r.longest = lengths.back();
  return r;
}

std::int64_t shared(const LabelledTexts& first, const LabelledTexts& second) {
  const Texts seen(first.texts.begin(), first.texts.end());
  return std::count_if(second.texts.begin(), second.texts.end(),
                       [&](auto text) { return seen.count(text) > 0; });
}

}  // namespace

DataReport report_data(const DataConfig& config, const Dataset& data) {
  const Corpus corpus = read_corpus(config);
  const auto [train, validation] = hold_out(corpus, config);
  const Encode encode = encoder(data.vocabulary);
  const std::size_t classes = corpus.classes.size();
  return {report(train, classes, encode, config.max_length),
          report(validation, classes, encode, config.max_length),
          report(corpus.test, classes, encode, config.max_length),
          shared(train, validation),
          shared(train, corpus.test),
          shared(validation, corpus.test)};
}

}  // namespace tubal
