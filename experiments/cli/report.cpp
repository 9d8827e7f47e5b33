// tubal report: a study as one HTML file.
#include <iostream>

#include "analysis/read/text.hpp"
#include "analysis/report/report.hpp"
#include "core/destination.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "experiments/cli/arguments.hpp"
#include "experiments/cli/command.hpp"
#include "experiments/cli/comparison_options.hpp"
#include "experiments/cli/open_study.hpp"

namespace tubal::cli {

namespace po = boost::program_options;

int report(const std::vector<std::string>& arguments) {
  po::options_description options("Options");
  // clang-format off
  options.add_options()
    ("output,o", po::value<std::string>(), "write to this file, pipe or device instead of studies/STUDY/report.html")
    ("studies", po::value<std::string>()->default_value("studies"), "the folder in which studies lie")
    ("metric", po::value<std::string>()->default_value("", "by task"), metric_help)
    ("level", po::value<double>()->default_value(0.95, "0.95"), "of the intervals")
    ("margin", po::value<double>(), "points of accuracy below the baseline, nat of loss or bits per byte above it, within which a cell counts as equal to it (1 point, 0.02 nat, 0.02 bit)");
  // clang-format on
  add_selection_options(options);
  const auto values = parse(
      arguments,
      {"tubal report STUDY [options]",
       R"(Writes one HTML file that shows the study: a summary in words, the comparison table, accuracy (language
models: loss) against every factor, learning curves, Pareto fronts, spectra of the slices, learned transforms, confusion
matrices, cost, failures, provenance and the commands that reproduce it. The file loads nothing from
anywhere: it may be sent by mail or opened years later. Trials may still be running.)",
       R"(  tubal report quickstart                          studies/quickstart/report.html
  tubal report quickstart --output /tmp/today.html
  tubal report quickstart --output /dev/stdout | gzip > today.html.gz
  tubal report studies/imdb --margin 0.5           parity within half a point
)"},
      options, "study");
  if (!values) return 0;
  analysis::ReportOptions wanted;
  wanted.metric = (*values)["metric"].as<std::string>();
  wanted.level = (*values)["level"].as<double>();
  if (!(wanted.level > 0 && wanted.level < 1))
    throw UsageError("--level: allowed is a number between 0 and 1, such as 0.95");
  const analysis::Study study = open_study((*values)["study"].as<std::string>(),
                                           (*values)["studies"].as<std::string>(), selection_of(*values));
  wanted.margin = margin_of(analysis::measure_of(study, wanted.metric), *values);
  const std::filesystem::path file = values->count("output")
                                         ? std::filesystem::path((*values)["output"].as<std::string>())
                                         : study.folder.report();
  if (values->count("output")) require_writable(file, "--output");
  const std::string html = analysis::make_report(study, wanted);
  write_file(file, html);
  (is_standard_output(file) ? std::cerr : std::cout)
      << "Report: " << file.string() << " (" << text::format("%.1f", static_cast<double>(html.size()) / 1e6)
      << " MB)\n";
  return 0;
}

}  // namespace tubal::cli
