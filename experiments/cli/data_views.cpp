#include "experiments/cli/data_views.hpp"

#include <algorithm>

#include "core/format.hpp"
#include "core/text_table.hpp"
#include "experiments/config/data_sets.hpp"
#include "experiments/data/corpus.hpp"
#include "experiments/data/data_report.hpp"
#include "experiments/data/windows.hpp"

namespace tubal::cli {

namespace {

using Words = std::vector<std::string>;

std::string percent(std::int64_t part, std::int64_t all) {
  return all ? format("%.1f %%", 100.0 * static_cast<double>(part) / static_cast<double>(all)) : "-";
}

// The data set's name, the files that it is read from, and their digest.
void print_sources(std::ostream& out, const DataConfig& config, const Dataset& data) {
  out << config.name;
  if (data.source_bytes)
    out << "  (" << format("%.1f", static_cast<double>(data.source_bytes) / 1e6) << " MB)";
  out << "\n";
  const Words files = corpus_files(config);
  constexpr std::size_t shown = 8;
  for (std::size_t i = 0; i < std::min(shown, files.size()); ++i) out << "  " << files[i] << "\n";
  if (files.size() > shown)
    out << "  and " << grouped(static_cast<long long>(files.size() - shown)) << " more beside them\n";
  out << "SHA-256 " << data.content << "\n\n";
}

void print_cache(std::ostream& out, const Dataset& data) {
  const std::size_t kept = data.train.tokens.size() + data.validation.tokens.size() + data.test.tokens.size();
  out << "cache: " << data.cache_file.string() << ", " << grouped(static_cast<std::int64_t>(kept))
      << " tokens, " << (data.cached ? "read" : "made") << " in " << format("%.3f", data.seconds) << " s";
  if (!data.cached && data.source_bytes)
    out << " (" << format("%.0f", static_cast<double>(data.source_bytes) / 1e6 / data.seconds)
        << " MB/s from source to tokens)";
  out << "\n";
}

// Of a language model: what its parts hold, and how the vocabulary covers them.
void print_language(std::ostream& out, const DataConfig& config, const Dataset& data) {
  print_sources(out, config, data);
  struct Named {
    const char* name;
    const Part& part;
  };
  const Named parts[] = {{"train", data.train}, {"validation", data.validation}, {"test", data.test}};
  std::vector<Words> table = {{"", "train", "validation", "test"}};
  const auto row = [&](const std::string& name, const auto& of) {
    Words words = {name};
    for (const Named& p : parts) words.push_back(p.part.tokens.empty() ? "-" : of(p.part));
    table.push_back(words);
  };
  const bool stream = reads(data_set(config.name), "data.documents") && config.documents == "stream";
  const auto said = [](const Part& p) { return static_cast<std::int64_t>(p.tokens.size()) - 1; };
  row("bytes", [](const Part& p) { return grouped(p.bytes); });
  row("characters", [](const Part& p) { return grouped(p.characters); });
  if (!stream) row("documents", [](const Part& p) { return grouped(static_cast<std::int64_t>(p.size())); });
  row("tokens", [&](const Part& p) { return grouped(said(p)); });
  row("bytes a token", [&](const Part& p) {
    return format("%.3f", static_cast<double>(p.bytes) / static_cast<double>(said(p)));
  });
  row("unknown", [&](const Part& p) {
    const auto n = std::count(p.tokens.begin(), p.tokens.end(), unknown_token);
    return n ? format("%.3f %%", 100. * static_cast<double>(n) / static_cast<double>(said(p)))
             : std::string("none");
  });
  row("windows of " + std::to_string(config.max_length) + " tokens", [&](const Part& p) {
    return grouped(static_cast<std::int64_t>(Windows(p, config.max_length, true).count()));
  });
  if (!stream)
    row("documents longer than that", [&](const Part& p) {
      std::int64_t n = 0;
      for (std::size_t i = 0; i < p.size(); ++i)
        n += p.length(i) > static_cast<std::size_t>(config.max_length);
      return percent(n, static_cast<std::int64_t>(p.size()));
    });
  if (!stream && !data.test.tokens.empty())
    table.push_back({"also in train", "", "", grouped(data.shared_texts)});
  out << text_table(table, {0});
  out << "\nNothing is cut: windows follow one another"
      << (stream                   ? ""
          : config.cross_documents ? ", over the bounds of documents too"
                                   : ", and no token sees another document")
      << ".\n";
  if (const auto n = std::count(data.validation.tokens.begin(), data.validation.tokens.end(), unknown_token))
    out << "Unknown tokens (" << grouped(n) << " in validation) are said as one token whatever they stand "
        << "for: bits per byte come out too low by what their spelling would cost.\n";
  const std::string& kind = config.tokenizer.kind;
  out << "vocabulary: " << grouped(data.vocabulary.size) << " entries ("
      << (kind == "char"   ? "characters"
          : kind == "word" ? "words, case and marks kept"
                           : "sentencepiece " + config.tokenizer.model_type + ", bytes for the rest")
      << "), learnt from the training part alone\n";
  print_cache(out, data);
}

void print_labelled(std::ostream& out, const DataConfig& config, const Dataset& data) {
  const DataReport r = report_data(config, data);
  const PartReport* parts[3] = {&r.train, &r.validation, &r.test};
  print_sources(out, config, data);

  std::vector<Words> table = {{"texts", "train", "validation", "test"}};
  const auto row = [&](const std::string& name, const auto& of) {
    Words words = {name};
    for (const PartReport* p : parts) words.push_back(of(*p));
    table.push_back(words);
  };
  row("all", [](const PartReport& p) { return grouped(p.texts); });
  constexpr std::size_t shown = 30;
  for (std::size_t k = 0; k < std::min(shown, data.classes.size()); ++k)
    row("  " + data.classes[k], [&](const PartReport& p) { return grouped(p.per_class[k]); });
  if (data.classes.size() > shown)
    table.push_back({"  and " + std::to_string(data.classes.size() - shown) + " more classes"});
  row("without a token", [](const PartReport& p) { return grouped(p.empty); });
  row("cut at " + std::to_string(config.max_length) + " tokens",
      [](const PartReport& p) { return percent(p.cut, p.texts); });
  row("repeated in the part", [](const PartReport& p) { return grouped(p.repeated); });
  table.push_back({"also in train", "", grouped(r.train_validation), grouped(r.train_test)});
  table.push_back({"also in validation", "", "", grouped(r.validation_test)});
  table.push_back({"", "", "", ""});
  table.push_back({"tokens a text", "", "", ""});
  row("  mean", [](const PartReport& p) { return format("%.1f", p.mean); });
  row("  median", [](const PartReport& p) { return grouped(p.median); });
  row("  nine tenths up to", [](const PartReport& p) { return grouped(p.p90); });
  row("  longest", [](const PartReport& p) { return grouped(p.longest); });
  row("in the vocabulary", [](const PartReport& p) { return percent(p.tokens - p.unknown, p.tokens); });
  out << text_table(table, {0});

  out << "\nvocabulary: " << grouped(data.vocabulary.size) << " entries ("
      << (config.tokenizer.kind == "word"   ? "words"
          : config.tokenizer.kind == "char" ? "characters"
                                            : "sentencepiece " + config.tokenizer.model_type)
      << "), learnt from the training texts alone\n";
  print_cache(out, data);
}

}  // namespace

void print_data(std::ostream& out, const DataConfig& config, const Dataset& data) {
  if (data.language)
    print_language(out, config, data);
  else
    print_labelled(out, config, data);
}

}  // namespace tubal::cli
