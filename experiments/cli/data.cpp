// tubal data: what a data set holds, of a grid or of the options alone.
#include <algorithm>
#include <boost/program_options.hpp>
#include <filesystem>
#include <iostream>
#include <map>
#include <stdexcept>

#include "core/error.hpp"
#include "experiments/cli/arguments.hpp"
#include "experiments/cli/command.hpp"
#include "experiments/cli/data_views.hpp"
#include "experiments/config/data_sets.hpp"
#include "experiments/config/key.hpp"
#include "experiments/config/schema.hpp"
#include "experiments/config/schema_hints.hpp"
#include "experiments/data/corpus.hpp"
#include "experiments/data/dataset.hpp"
#include "experiments/plan/grid.hpp"
#include "experiments/plan/study_plan.hpp"

namespace tubal::cli {

namespace po = boost::program_options;

namespace {

using Words = std::vector<std::string>;

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
                     sets_with_parts() + ".");
  return d;
}

}  // namespace

int data(const Words& arguments) {
  po::options_description options("Options");
  const auto text = [] { return po::value<std::string>(); };
  const auto option = [&](const char* name, const std::string& help) {
    options.add_options()(name, text(), help.c_str());
  };
  const std::string folder = sets_with("data.path"), files = sets_with("data.train"),
                    columns = sets_with("data.text"), parts = sets_with_parts(),
                    unlabelled = sets_where([](auto&set) { return !set.labels; });
  option("name", all_names() + ", in place of a grid");
  options.add_options()(
      "language", ("as a language model reads it, without labels (" + unlabelled + " always is)").c_str());
  option("path", folder + ": the folder");
  option("train", files + ": the training file");
  option("validation", "a share of the training part; " + parts + ": or a file");
  option("test", files + ": the test file; " + parts + ": or a share");
  option("text", columns + ": column of the text (text)");
  option("label", columns + ": column of the label (label)");
  // clang-format off
  options.add_options()
    ("set", po::value<Words>()->composing(), "KEY=VALUE: set a value, such as data.max_length=256; may be given again")
    ("rebuild", "tokenize again even if the cache has it (shows the speed)");
  // clang-format on
  const Help help = {
      "tubal data GRID.yaml [options]\ntubal data --name NAME [options]",
      R"(Shows the files that a data set is read from and what it holds: texts by part and class, lengths, how much
the vocabulary covers, texts that stand in several parts, and where the tokens are kept. Tokenizes it where
that was not done before, so that `tubal run` starts at once.)",
      R"(  tubal data experiments/grids/quickstart.yaml
  tubal data --name debian
  tubal data --name imdb --path aclImdb --set data.max_length=256 --rebuild
  tubal data --name csv --train a.csv --test b.csv --text review --label stars
  tubal data --name text --train book.txt --set data.tokenizer.kind=char --set data.max_length=64

The cache lies in $TUBAL_CACHE, else $XDG_CACHE_HOME/tubal, else ~/.cache/tubal; it may be deleted at any time.
)"};
  const auto parsed = parse(arguments, help, options, {"grid", Positional::Count::at_most_one});
  if (!parsed) return 0;
  const po::variables_map& given = *parsed;
  if (given.count("grid") + given.count("name") != 1)
    refuse(help, given.count("grid") ? "`--name` stands in place of a grid; give one of the two"
                                     : "GRID.yaml or --name NAME is missing");
  const Words set = words_of(given, "set");
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
    print_data(std::cout, configs[i], loaded);
  }
  return 0;
}

}  // namespace tubal::cli
