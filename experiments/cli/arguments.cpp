#include "experiments/cli/arguments.hpp"

#include <iostream>

#include "core/error.hpp"

namespace tubal::cli {

namespace po = boost::program_options;

std::optional<po::variables_map> parse(const std::vector<std::string>& arguments, const Help& help,
                                       po::options_description options, const std::string& positional) {
  options.add_options()("help,h", "this text");
  po::options_description all;
  all.add(options);
  po::positional_options_description places;
  if (!positional.empty()) {
    all.add_options()(positional.c_str(), po::value<std::string>());
    places.add(positional.c_str(), 1);
  }
  po::variables_map values;
  try {
    // No guessing: `--st` is not taken for `--studies`, so that scripts keep their meaning when options are
    // added.
    const int style = po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
    po::store(po::command_line_parser(arguments).options(all).positional(places).style(style).run(), values);
    po::notify(values);
  } catch (const po::unknown_option& e) {
    std::vector<std::string> names;
    for (const auto& o : options.options()) names.push_back("--" + o->long_name());
    throw UsageError("unknown option `" + e.get_option_name() + "`; there are: " + join(names) + ". " +
                     did_you_mean(e.get_option_name(), names));
  } catch (const po::too_many_positional_options_error&) {
    throw UsageError((positional.empty()
                          ? "this command takes options alone"
                          : "more than one word stands here where " + positional + " is wanted") +
                     std::string("; an option begins with two dashes. Usage: ") + help.usage);
  } catch (const po::error& e) {
    throw UsageError(std::string(e.what()) + ". Usage: " + help.usage);
  }
  if (values.count("help")) {
    std::cout << help.usage << "\n\n" << help.text << "\n\n" << options;
    if (!help.examples.empty()) std::cout << "\nExamples:\n" << help.examples;
    return std::nullopt;
  }
  if (!positional.empty() && !values.count(positional))
    throw UsageError("something is missing. Usage: " + help.usage + " (`--help` shows more)");
  return values;
}

}  // namespace tubal::cli
