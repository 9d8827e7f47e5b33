#include <boost/program_options.hpp>
#include <iostream>

#include "analysis/comparison.hpp"
#include "core/error.hpp"
#include "experiments/cli/command.hpp"
#include "experiments/cli/open_study.hpp"

namespace tubal::cli {

namespace po = boost::program_options;

static const char* help = R"(tubal compare STUDY [options]    the table of a study, as a paper would print it

One row a cell (trials that differ in the seed alone): parameters, compression of the encoder, accuracy with
its bootstrap interval over seeds, difference to the grid's baseline (paired by seed) with interval and exact
sign-flip p, corrected by Holm over all cells. `front` marks what no other cell beats in accuracy with fewer
encoder parameters (size) or less time (time). Trials that failed are named, never averaged over.

)";
static const char* examples = R"(
Examples
  tubal compare imdb-transforms
  tubal compare imdb-transforms --filter p=4 --sort accuracy
  tubal compare studies/imdb --filter transform=dct,haar --json > table.json
)";

int compare(const std::vector<std::string>& arguments) {
  po::options_description options("Options");
  options.add_options()("help,h", "this text")("studies", po::value<std::string>()->default_value("studies"),
                                               "the folder in which studies lie")(
      "sort", po::value<std::string>(),
      "accuracy, difference (best first), encoder, total, seconds, memory or a key such as p")(
      "filter", po::value<std::vector<std::string>>()->composing(),
      "KEY=VALUE[,VALUE]: only these cells; may be repeated")(
      "metric", po::value<std::string>()->default_value("test_accuracy"),
      "test_accuracy or validation_accuracy")("level", po::value<double>()->default_value(0.95, "0.95"),
                                              "of the intervals")("json", "as JSON");
  po::options_description all;
  all.add(options).add_options()("study", po::value<std::string>());
  po::variables_map given;
  try {
    po::store(po::command_line_parser(arguments)
                  .options(all)
                  .positional(po::positional_options_description().add("study", 1))
                  .run(),
              given);
  } catch (const po::error& e) {
    throw UsageError("compare: " + std::string(e.what()) + " (`tubal compare --help` shows the options)");
  }
  if (given.count("help") || arguments.empty()) {
    (given.count("help") ? std::cout : std::cerr) << help << options << examples;
    return given.count("help") ? 0 : 2;
  }
  if (!given.count("study")) throw UsageError("compare: no study was named. Example: tubal compare imdb");
  const std::string metric = given["metric"].as<std::string>();
  if (metric != "test_accuracy" && metric != "validation_accuracy")
    throw UsageError("--metric " + metric + ": allowed are test_accuracy and validation_accuracy");
  const double level = given["level"].as<double>();
  if (!(level > 0 && level < 1))
    throw UsageError("--level: allowed is a number between 0 and 1, such as 0.95");
  std::vector<std::pair<std::string, std::string>> filters;
  if (given.count("filter"))
    for (const std::string& f : given["filter"].as<std::vector<std::string>>()) {
      const std::size_t at = f.find('=');
      if (at == f.npos || at == 0) throw UsageError("--filter " + f + ": expected KEY=VALUE, such as p=4");
      filters.push_back({f.substr(0, at), f.substr(at + 1)});
    }
  const analysis::Study study =
      open_study(given["study"].as<std::string>(), given["studies"].as<std::string>());
  const analysis::Comparison comparison = analysis::compare(study, metric, level);
  std::vector<analysis::CellResult> results = analysis::filtered(study, comparison, filters);
  if (given.count("sort")) analysis::sort_results(study, results, given["sort"].as<std::string>());
  std::cout << (given.count("json") ? analysis::to_json(study, comparison, results)
                                    : analysis::show(study, comparison, results));
  return 0;
}

}  // namespace tubal::cli
