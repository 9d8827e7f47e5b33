#include "experiments/cli/arguments.hpp"

#include <iostream>

#include "core/error.hpp"
#include "core/text.hpp"

namespace tubal::cli {

namespace po = boost::program_options;

namespace {

// The n-th word of "tubal run GRID.yaml [options]", from 0.
std::string nth_word(const std::string& usage, int n) {
  std::size_t at = 0;
  while (n-- > 0) at = std::min(usage.find_first_of(" \n", at), usage.size() - 1) + 1;
  return usage.substr(at, usage.find_first_of(" \n", at) - at);
}

// "did you mean `--studies`?": the options that it begins, else the one that is near; "" for none. Boost
// tells of `-studies` only its first letter.
std::string near(std::string found, const std::vector<std::string>& given,
                 const std::vector<std::string>& names) {
  if (found.size() == 2)
    for (const std::string& word : given)
      if (word.starts_with(found) && word.size() > 2) found = "-" + word.substr(0, word.find('='));
  std::vector<std::string> begun;
  for (const std::string& name : names)
    if (found.size() > 2 && name.starts_with(found)) begun.push_back("`" + name + "`");
  if (!begun.empty()) return "did you mean " + join(begun, " or ") + "?";
  return did_you_mean(found, names);
}

// Boost takes `--studies --threads 2` for the studies in --threads; who means
// that writes `--studies=--threads`.
bool is_option(const std::string& word, const po::options_description& options) {
  return word.starts_with("--") && options.find_nothrow(word.substr(2, word.find('=') - 2), false);
}

void require_values(const po::parsed_options& parsed, const po::options_description& options,
                    const Help& help, const std::string& may_be_empty) {
  for (const po::option& o : parsed.options) {
    const bool behind = o.position_key < 0 && o.original_tokens.size() > 1;
    if (behind && is_option(o.original_tokens[1], options))
      refuse(help, "`--" + o.string_key + "` needs a value behind it");
    for (const std::string& value : o.value) {
      if (!value.empty() || o.string_key == may_be_empty) continue;
      if (o.position_key >= 0)
        refuse(help, "found an empty word where " + nth_word(help.usage, 2) + " is wanted");
      refuse(help, "`--" + o.string_key + "` has an empty value; leave the option out, or give it one");
    }
  }
}

}  // namespace

std::vector<std::string> words_of(const po::variables_map& values, const std::string& option) {
  return values.count(option) ? values[option].as<std::vector<std::string>>() : std::vector<std::string>{};
}

void refuse(const Help& help, const std::string& what) {
  const std::string command = nth_word(help.usage, 1);
  throw UsageError(command + ": " + sentence(what) + " `tubal " + command + " --help` says more.");
}

std::optional<po::variables_map> parse(const std::vector<std::string>& arguments, const Help& help,
                                       po::options_description options, const Positional& words,
                                       const std::string& may_be_empty) {
  options.add_options()("help,h", "this text");
  po::options_description all;
  all.add(options);
  po::positional_options_description places;
  const bool more = words.count == Positional::Count::one_or_more;
  if (!words.name.empty()) {
    if (more)
      all.add_options()(words.name.c_str(), po::value<std::vector<std::string>>());
    else
      all.add_options()(words.name.c_str(), po::value<std::string>());
    places.add(words.name.c_str(), more ? -1 : 1);
  }
  const std::string usage = help.usage.substr(0, help.usage.find('\n'));
  po::variables_map values;
  try {
    // No guessing: `--st` is not taken for `--studies`, so that scripts keep their
    // meaning when options are added.
    const int style = po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
    const po::parsed_options parsed =
        po::command_line_parser(arguments).options(all).positional(places).style(style).run();
    require_values(parsed, options, help, may_be_empty);
    po::store(parsed, values);
    po::notify(values);
  } catch (const po::unknown_option& e) {
    std::vector<std::string> names;
    for (const auto& o : options.options()) names.push_back("--" + o->long_name());
    const std::string found = e.get_option_name().substr(0, e.get_option_name().find('='));
    const std::string meant = near(found, arguments, names);
    refuse(help, "unknown option `" + found + "`; " + (meant.empty() ? "there are: " + join(names) : meant));
  } catch (const po::multiple_occurrences& e) {
    refuse(help, "`" + e.get_option_name() + "` is given twice; keep one of the two");
  } catch (const po::too_many_positional_options_error&) {
    refuse(help,
           (words.name.empty() ? "this command takes options alone, and an option begins with two dashes"
                               : "more than one word stands where " + nth_word(usage, 2) +
                                     " is wanted; an option begins with two dashes") +
               std::string(". Usage: ") + usage);
  } catch (const po::invalid_command_line_syntax& e) {
    const bool extra = e.kind() == po::invalid_syntax::extra_parameter;
    refuse(help, "`" + e.get_option_name() + (extra ? "` takes no value" : "` needs a value behind it"));
  } catch (const po::error& e) {
    refuse(help, e.what());
  }
  if (values.count("help")) {
    std::cout << help.usage << "\n\n" << help.text << "\n\n" << options;
    if (!help.examples.empty()) std::cout << "\nExamples:\n" << help.examples;
    return std::nullopt;
  }
  const bool required = !words.name.empty() && words.count != Positional::Count::at_most_one;
  if (required && !values.count(words.name))
    refuse(help, nth_word(usage, 2) + " is missing. Usage: " + usage);
  return values;
}

}  // namespace tubal::cli
