// Options of a command, its help with examples, and the study named on the command line.
#pragma once
#include <boost/program_options.hpp>
#include <optional>
#include <string>
#include <vector>

namespace tubal::cli {

/// What a command's --help says: "tubal run GRID.yaml [options]", a paragraph, and one "command   what it
/// does" a line.
struct Help {
  std::string usage, text, examples;
};

/// Parses; `positional` names the one argument without a dash ("" where there is none). Nothing where --help
/// was asked for and printed. Throws UsageError for what is unknown or missing.
std::optional<boost::program_options::variables_map> parse(
    const std::vector<std::string>& arguments, const Help& help,
    boost::program_options::options_description options, const std::string& positional);

}  // namespace tubal::cli
