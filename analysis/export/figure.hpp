// A figure as a script, and what figures share.
#pragma once
#include <string>
#include <vector>

#include "analysis/compare/comparison.hpp"

namespace tubal::analysis {

/// A gnuplot script that holds its own data, and draws <name>.pdf and <name>.svg in the folder it is run in.
struct Figure {
  std::string name, script;
};

/// "mean low high" as they are shown; an interval that is not there has no length.
std::string interval_line(const Measure& measure, const CellResult& result);
/// What points and bars are, for the script's reader.
std::string interval_comment(const Comparison& comparison);

}  // namespace tubal::analysis
