#include "experiments/cli/comparison_options.hpp"

#include "core/error.hpp"
#include "experiments/cli/open_study.hpp"

namespace tubal::cli {

namespace po = boost::program_options;

void add_comparison_options(po::options_description& options) {
  // clang-format off
  options.add_options()
    ("studies", po::value<std::string>()->default_value("studies"), "folder in which studies lie")
    ("sort", po::value<std::string>(), "accuracy, difference (best first), encoder, total, seconds, memory, p_holm or a key such as p")
    ("filter", po::value<std::vector<std::string>>()->composing(), "KEY=VALUE[,VALUE]: only these cells; may be repeated")
    ("metric", po::value<std::string>()->default_value("test_accuracy"), "test_accuracy or validation_accuracy")
    ("level", po::value<double>()->default_value(0.95, "0.95"), "of the intervals and tests");
  // clang-format on
  add_selection_options(options);
}

Chosen compare_by(const analysis::Study& study, const po::variables_map& given, bool predictions) {
  const std::string metric = given["metric"].as<std::string>();
  if (metric != "test_accuracy" && metric != "validation_accuracy")
    throw UsageError("--metric " + metric + ": allowed are test_accuracy and validation_accuracy");
  const double level = given["level"].as<double>();
  if (!(level > 0 && level < 1))
    throw UsageError("--level: allowed is a number between 0 and 1, such as 0.95");
  std::optional<double> margin;
  if (given.count("margin")) {
    const double points = given["margin"].as<double>();
    if (!(points > 0 && points < 100))
      throw UsageError(
          "--margin: allowed is a number of points above 0, such as 0.5 (80.0 % against 79.5 %)");
    margin = points / 100;
  }
  std::vector<std::pair<std::string, std::string>> filters;
  if (given.count("filter"))
    for (const std::string& f : given["filter"].as<std::vector<std::string>>()) {
      const std::size_t at = f.find('=');
      if (at == f.npos || at == 0) throw UsageError("--filter " + f + ": expected KEY=VALUE, such as p=4");
      filters.push_back({f.substr(0, at), f.substr(at + 1)});
    }
  Chosen chosen{analysis::compare(study, metric, level, margin), {}};
  if (predictions) analysis::add_mcnemar(study, chosen.comparison);
  chosen.results = analysis::filtered(study, chosen.comparison, filters);
  if (given.count("sort")) analysis::sort_results(study, chosen.results, given["sort"].as<std::string>());
  return chosen;
}

}  // namespace tubal::cli
