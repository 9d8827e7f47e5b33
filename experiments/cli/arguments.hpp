// What stands behind a command's name, for every command alike: options whole and once, a value where one is
// due and none that is empty, `--` before words that begin with a dash. Its help with examples.
#pragma once
#include <boost/program_options.hpp>
#include <optional>
#include <string>
#include <vector>

namespace tubal::cli {

/// What a command's --help says: "tubal run GRID.yaml [options]" (a line a form of it), a paragraph, and one
/// "command   what it does" a line; behind an empty line, what stands below them.
struct Help {
  std::string usage, text, examples;
};

/// The words without a dash that a command takes; `name` is that of the value, "" where it takes none.
struct Positional {
  enum class Count { one, at_most_one, one_or_more };  // more: a vector of them
  std::string name;
  Count count = Count::one;
  Positional(const char* value, Count number = Count::one) : name(value), count(number) {}
};

/// Parses. Nothing where --help was asked for and printed. Throws UsageError that names the command, the
/// option and a command that helps for what is unknown, shortened, missing, empty, given twice or one too
/// many. `may_be_empty`: the option whose value may be.
std::optional<boost::program_options::variables_map> parse(
    const std::vector<std::string>& arguments, const Help& help,
    boost::program_options::options_description options, const Positional& words,
    const std::string& may_be_empty = "");

/// The words of an option that may be given several times; empty where it was not given.
std::vector<std::string> words_of(const boost::program_options::variables_map& values,
                                  const std::string& option);

/// The refusal that parse() throws, for what a command itself finds: "run: WHAT.
/// `tubal run --help` says more."
[[noreturn]] void refuse(const Help& help, const std::string& what);

}  // namespace tubal::cli
