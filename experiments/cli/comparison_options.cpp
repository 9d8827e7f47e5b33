#include "experiments/cli/comparison_options.hpp"

#include <cmath>

#include "analysis/compare/choice.hpp"
#include "analysis/compare/predictions.hpp"
#include "analysis/read/text.hpp"
#include "core/error.hpp"
#include "experiments/cli/open_study.hpp"

namespace tubal::cli {

namespace po = boost::program_options;

std::optional<double> margin_of(const analysis::Measure& measure, const po::variables_map& given) {
  if (!given.count("margin")) return {};
  const Metric& stored = metric_of(measure.metric->stored);
  const double margin = given["margin"].as<double>() / stored.scale;
  // Shares end at 1; the others have no end.
  if (margin > 0 && std::isfinite(margin) && (stored.scale == 1 || margin < 1)) return margin;
  const std::string unit = measure.metric->difference_unit;
  throw UsageError(
      stored.scale == 1
          ? "--margin: allowed is a number of " + unit + " above 0, such as " +
                text::format("%g", stored.margin) + " (the metric is " + measure.title() + ")"
          : "--margin: allowed is a number of points between 0 and 100, such as 0.5 (80.0 % against "
            "79.5 %)");
}

void add_comparison_options(po::options_description& options) {
  // clang-format off
  options.add_options()
    ("studies", po::value<std::string>()->default_value("studies"), "folder in which studies lie")
    ("sort", po::value<std::string>(), "the metric (accuracy, loss, ...) or difference (best first), encoder, total, seconds, memory, p_holm or a key such as p")
    ("filter", po::value<std::vector<std::string>>()->composing(), "KEY=VALUE[,VALUE]: only these cells; may be repeated")
    ("metric", po::value<std::string>()->default_value("", "by task"), metric_help)
    ("level", po::value<double>()->default_value(0.95, "0.95"), "of the intervals and tests");
  // clang-format on
  add_selection_options(options);
}

Chosen compare_by(const analysis::Study& study, const po::variables_map& given, bool predictions) {
  const analysis::Measure measure = analysis::measure_of(study, given["metric"].as<std::string>());
  const double level = given["level"].as<double>();
  if (!(level > 0 && level < 1))
    throw UsageError("--level: allowed is a number between 0 and 1, such as 0.95");
  const std::optional<double> margin = margin_of(measure, given);
  Chosen chosen{analysis::compare(study, measure, level, margin), {}};
  if (predictions) analysis::add_mcnemar(study, chosen.comparison);
  chosen.results = analysis::filtered(study, chosen.comparison, pairs_of(given, "filter"));
  if (given.count("sort"))
    analysis::sort_results(study, chosen.comparison, chosen.results, given["sort"].as<std::string>());
  return chosen;
}

}  // namespace tubal::cli
