#include <algorithm>
#include <boost/program_options.hpp>
#include <filesystem>
#include <iostream>
#include <map>
#include <stdexcept>

#include "core/error.hpp"
#include "core/format.hpp"
#include "core/text_table.hpp"
#include "experiments/cli/arguments.hpp"
#include "experiments/cli/command.hpp"
#include "experiments/config/data_sets.hpp"
#include "experiments/config/key.hpp"
#include "experiments/config/schema.hpp"
#include "experiments/config/schema_hints.hpp"
#include "experiments/data/corpus.hpp"
#include "experiments/data/data_report.hpp"
#include "experiments/data/windows.hpp"
#include "experiments/plan/grid.hpp"
#include "experiments/plan/study_plan.hpp"

namespace tubal::cli {

namespace po = boost::program_options;

namespace {

using Words = std::vector<std::string>;

std::string percent(std::int64_t part, std::int64_t all) {
  return all ? format("%.1f %%", 100.0 * static_cast<double>(part) / static_cast<double>(all)) : "-";
}

// The data set's name, the files that it is read from, and their digest.
void print_sources(const DataConfig& config, const Dataset& data) {
  std::cout << config.name;
  if (data.source_bytes)
    std::cout << "  (" << format("%.1f", static_cast<double>(data.source_bytes) / 1e6) << " MB)";
  std::cout << "\n";
  const Words files = corpus_files(config);
  constexpr std::size_t shown = 8;
  for (std::size_t i = 0; i < std::min(shown, files.size()); ++i) std::cout << "  " << files[i] << "\n";
  if (files.size() > shown)
    std::cout << "  and " << grouped(static_cast<long long>(files.size() - shown)) << " more beside them\n";
  std::cout << "SHA-256 " << data.content << "\n\n";
}

void print_cache(const Dataset& data, std::size_t kept) {
  std::cout << "cache: " << data.cache_file.string() << ", " << grouped(static_cast<std::int64_t>(kept))
            << " tokens, " << (data.cached ? "read" : "made") << " in " << format("%.3f", data.seconds)
            << " s";
  if (!data.cached && data.source_bytes)
    std::cout << " (" << format("%.0f", static_cast<double>(data.source_bytes) / 1e6 / data.seconds)
              << " MB/s from source to tokens)";
  std::cout << "\n";
}

// Of a language model: what its parts hold, and how the vocabulary covers them.
void print_text(const DataConfig& config, const Dataset& data) {
  print_sources(config, data);
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
  std::cout << text_table(table, {0});
  std::cout << "\nNothing is cut: windows follow one another"
            << (stream                   ? ""
                : config.cross_documents ? ", over the bounds of documents too"
                                         : ", and no token sees another document")
            << ".\n";
  if (const auto n = std::count(data.validation.tokens.begin(), data.validation.tokens.end(), unknown_token))
    std::cout << "Unknown tokens (" << grouped(n)
              << " in validation) are said as one token whatever they stand "
              << "for: bits per byte come out too low by what their spelling would cost.\n";
  const std::string& kind = config.tokenizer.kind;
  std::cout << "vocabulary: " << grouped(data.vocabulary.size) << " entries ("
            << (kind == "char"   ? "characters"
                : kind == "word" ? "words, case and marks kept"
                                 : "sentencepiece " + config.tokenizer.model_type + ", bytes for the rest")
            << "), learnt from the training part alone\n";
  print_cache(data, data.train.tokens.size() + data.validation.tokens.size() + data.test.tokens.size());
}

void print(const DataConfig& config, const Dataset& data, const DataReport& r) {
  const PartReport* parts[3] = {&r.train, &r.validation, &r.test};
  print_sources(config, data);

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
  std::cout << text_table(table, {0});

  const std::size_t kept = data.train.tokens.size() + data.validation.tokens.size() + data.test.tokens.size();
  std::cout << "\nvocabulary: " << grouped(data.vocabulary.size) << " entries ("
            << (config.tokenizer.kind == "word"   ? "words"
                : config.tokenizer.kind == "char" ? "characters"
                                                  : "sentencepiece " + config.tokenizer.model_type)
            << "), learnt from the training texts alone\n";
  print_cache(data, kept);
}

std::string with_parts() {
  return sets_where([](const DataSet& set) { return set.parts; });
}

// "imdb, csv or text".
std::string all_names() {
  std::vector<std::string> names = data_set_names();
  const std::string last = names.back();
  names.pop_back();
  return join(names) + " or " + last;
}

// The data of the options alone, without a grid.
DataConfig from_options(const po::variables_map& given, const Words& set) {
  Settings settings;
  settings.trial.data.folder = std::filesystem::current_path().string();
  const auto assign = [&](const std::string& name, const std::string& value) {
    const Key* key = find_key(full_name(name));
    if (!key || name.rfind("data.", 0) != 0)
      throw UsageError(
          "--set " + name + ": " +
          (key ? "is no key of data, and without a grid only those have an effect here, such as "
                 "data.max_length. With a grid: `tubal data GRID.yaml --set " +
                     name + "=...`."
               : "there is no such key. " + nearest_key(name) +
                     " Without a grid keys of data may be set; `tubal plan --keys` lists them."));
    try {
      key->set(settings, key->parse_literal(value));
    } catch (const std::invalid_argument& e) {
      throw UsageError(name + ": " + e.what());
    }
  };
  for (const char* name : {"name", "path", "train", "validation", "test", "text", "label"})
    if (given.count(name)) assign(std::string("data.") + name, given[name].as<std::string>());
  DataConfig& d = settings.trial.data;
  d.language = given.count("language") || !data_set(d.name).labels;
  std::map<std::string, std::string> before;
  for (const std::string& text : set) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) throw UsageError("--set " + text + ": KEY=VALUE is expected.");
    const std::string name = text.substr(0, equals);
    const auto [first, fresh] = before.emplace(full_name(name), text);
    if (!fresh)
      throw UsageError("--set " + text + ": this key is set twice, first by `--set " + first->second +
                       "`; keep one of the two.");
    assign(name, text.substr(equals + 1));
  }
  if (!data_set(d.name).parts && (!d.validation_file.empty() || !d.train_list.empty() || d.test_share > 0))
    throw UsageError("data." +
                     std::string(!d.validation_file.empty() ? "validation"
                                 : d.test_share > 0         ? "test"
                                                            : "train") +
                     ": files for validation, lists of files and shares for testing go with --name " +
                     with_parts() + ".");
  return d;
}

}  // namespace

int data(const Words& arguments) {
  po::options_description options("Options");
  const auto text = [] { return po::value<std::string>(); };
  const auto option = [&](const char* name, const std::string& help) {
    options.add_options()(name, text(), help.c_str());
  };
  const std::string folder = sets_where([](auto& set) { return reads(set, "data.path"); });
  const std::string files = sets_where([](auto& set) { return reads(set, "data.train"); });
  const std::string columns = sets_where([](auto& set) { return reads(set, "data.text"); });
  const std::string unlabelled = sets_where([](auto& set) { return !set.labels; });
  option("name", all_names() + ", in place of a grid");
  options.add_options()(
      "language", ("as a language model reads it, without labels (" + unlabelled + " always is)").c_str());
  option("path", folder + ": the folder");
  option("train", files + ": the training file");
  option("validation", "a share of the training part; " + with_parts() + ": or a file");
  option("test", files + ": the test file; " + with_parts() + ": or a share");
  option("text", columns + ": column of the text (text)");
  option("label", columns + ": column of the label (label)");
  // clang-format off
  options.add_options()
    ("set", po::value<Words>()->composing(), "KEY=VALUE: set a value, such as data.max_length=256; may be given again")
    ("rebuild", "tokenize again even if the cache has it (shows the speed)");
  // clang-format on
  const Help help = {
      "tubal data GRID.yaml [options]\ntubal data --name NAME [options]",
      "Shows the files that a data set is read from and what it holds: texts by part and class, lengths, how "
      "much\n"
      "the vocabulary covers, texts that stand in several parts, and where the tokens are kept. Tokenizes it "
      "where\n"
      "that was not done before, so that `tubal run` starts at once.",
      "  tubal data experiments/grids/quickstart.yaml\n  tubal data --name debian\n"
      "  tubal data --name imdb --path aclImdb --set data.max_length=256 --rebuild\n"
      "  tubal data --name csv --train a.csv --test b.csv --text review --label stars\n"
      "  tubal data --name text --train book.txt --set data.tokenizer.kind=char --set data.max_length=64\n\n"
      "The cache lies in $TUBAL_CACHE, else $XDG_CACHE_HOME/tubal, else ~/.cache/tubal; it may be deleted at "
      "any time.\n"};
  const auto parsed = parse(arguments, help, options, {"grid", Positional::Count::at_most_one});
  if (!parsed) return 0;
  const po::variables_map& given = *parsed;
  if (given.count("grid") + given.count("name") != 1)
    refuse(help, given.count("grid") ? "`--name` stands in place of a grid; give one of the two"
                                     : "GRID.yaml or --name NAME is missing");
  const Words set = given.count("set") ? given["set"].as<Words>() : Words{};
  std::vector<DataConfig> configs;
  if (given.count("name"))
    configs.push_back(from_options(given, set));
  else
    for (const Trial& trial : load_grid(given["grid"].as<std::string>(), {set, {}, {}}).trials)
      if (std::find(configs.begin(), configs.end(), trial.config.data) == configs.end())
        configs.push_back(trial.config.data);
  for (std::size_t i = 0; i < configs.size(); ++i) {
    if (i) std::cout << "\n";
    Dataset loaded = load_dataset(configs[i]);
    if (given.count("rebuild") && loaded.cached) {
      std::filesystem::remove(loaded.cache_file);
      loaded = load_dataset(configs[i]);
    }
    if (loaded.language)
      print_text(configs[i], loaded);
    else
      print(configs[i], loaded, report_data(configs[i], loaded));
  }
  return 0;
}

}  // namespace tubal::cli
