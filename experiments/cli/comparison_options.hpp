// The options of the commands that compare a study's cells (compare, export).
#pragma once
#include <boost/program_options.hpp>
#include <optional>
#include <string>
#include <vector>

#include "analysis/compare/comparison.hpp"

namespace tubal::cli {

inline constexpr const char* metric_help =
    "accuracy, loss, perplexity or bits_per_byte (the last two of language models alone), with test_ or "
    "validation_ before it of that part; by itself accuracy, of language models loss, or bits_per_byte where "
    "tokenizers differ, of the test part where there is one";

/// --margin as stored: points of accuracy, nat of loss and perplexity, bit. Throws
/// UsageError naming the unit.
std::optional<double> margin_of(const analysis::Measure& measure,
                                const boost::program_options::variables_map& given);

/// --studies, --metric, --level, --sort, --filter; compare_by() also takes a --margin where a command has it.
void add_comparison_options(boost::program_options::options_description& options);

struct Chosen {
  analysis::Comparison comparison;
  std::vector<analysis::CellResult> results;  // filtered and sorted
};
/// Compares as the options say. Throws UsageError naming the option that is wrong. `predictions`: with
/// McNemar's test, which reads every trial.h5.
Chosen compare_by(const analysis::Study& study, const boost::program_options::variables_map& given,
                  bool predictions);

}  // namespace tubal::cli
