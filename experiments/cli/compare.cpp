#include <iostream>

#include "analysis/compare/json.hpp"
#include "analysis/compare/table.hpp"
#include "analysis/compare/tests_table.hpp"
#include "experiments/cli/arguments.hpp"
#include "experiments/cli/command.hpp"
#include "experiments/cli/comparison_options.hpp"
#include "experiments/cli/open_study.hpp"

namespace tubal::cli {

namespace po = boost::program_options;

int compare(const std::vector<std::string>& arguments) {
  po::options_description options("Options");
  add_comparison_options(options);
  // clang-format off
  options.add_options()
    ("margin", po::value<double>(), "test non-inferiority: at most so many points of accuracy below the baseline, or nat of loss (bit of bits per byte) above it")
    ("tests", "a second table: t interval, Wilcoxon, probability of improvement, McNemar; --margin implies it")
    ("json", "all of it as JSON");
  // clang-format on
  const auto given = parse(
      arguments,
      {"tubal compare STUDY [options]",
       R"(The table of a study, as a paper would print it. One row a cell (trials that differ in the seed alone): parameters,
compression of the encoder, accuracy with its bootstrap interval over seeds, difference to the grid's baseline, or
--baseline's (paired by seed), with interval and exact sign-flip p, corrected by Holm over all cells, also where --filter shows only some.
`front` marks what no other cell beats in accuracy with fewer encoder parameters (size) or less time (time). Trials that
failed are named, never averaged over. Language models are compared by loss in nat, lower is better, with perplexity (exp
of the mean loss) and bits per byte beside it.)",
       R"(  tubal compare imdb-transforms
  tubal compare imdb-transforms --filter p=4 --sort accuracy
  tubal compare imdb-transforms --margin 0.5        # is a cell at most half a point worse?
  tubal compare imdb-transforms --baseline p=4 --baseline transform=dct     # does another L do as well as the DCT?
  tubal compare shakespeare --metric bits_per_byte --margin 0.02
  tubal compare studies/imdb --filter transform=dct,haar --json > table.json
)"},
      options, "study");
  if (!given) return 0;
  const analysis::Study study = open_study((*given)["study"].as<std::string>(),
                                           (*given)["studies"].as<std::string>(), selection_of(*given));
  const bool json = given->count("json"), tests = given->count("tests") || given->count("margin");
  const Chosen chosen = compare_by(study, *given, json || tests);
  if (json) {
    std::cout << analysis::to_json(study, chosen.comparison, chosen.results);
    return 0;
  }
  std::cout << analysis::show(study, chosen.comparison, chosen.results);
  if (tests) std::cout << "\n" << analysis::show_tests(study, chosen.comparison, chosen.results);
  return 0;
}

}  // namespace tubal::cli
