// The options of the commands that compare a study's cells (compare, export).
#pragma once
#include <boost/program_options.hpp>
#include <string>
#include <vector>

#include "analysis/comparison.hpp"

namespace tubal::cli {

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
