// tubal transforms: its options, and what they refuse.
#include <algorithm>
#include <charconv>

#include "core/error.hpp"
#include "experiments/cli/arguments.hpp"
#include "experiments/cli/command.hpp"
#include "experiments/cli/transform_views.hpp"
#include "transforms/laws.hpp"
#include "transforms/plugins.hpp"

namespace tubal::cli {

namespace po = boost::program_options;

namespace {

using Words = std::vector<std::string>;

template <class Number>
Number whole_number(const po::variables_map& given, const std::string& option, Number low, Number high) {
  const std::string text = given[option].as<std::string>();
  Number n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc() || end != text.data() + text.size() || n < low || n > high)
    throw UsageError("", 0, "--" + option,
                     "found `" + text + "`, needs a whole number from " + std::to_string(low) + " to " +
                         std::to_string(high));
  return n;
}

std::pair<std::string, std::string> key_value(const std::string& text) {
  const std::size_t at = text.find('=');
  if (at == 0 || at == std::string::npos)
    throw UsageError("", 0, "--option", "found `" + text + "`, needs KEY=VALUE");
  return {text.substr(0, at), text.substr(at + 1)};
}

const Words fields = {"init", "parametrization", "seed", "file", "dataset"};

// Refuses what the named transform does not read.
void require_read(const po::variables_map& given, const std::string& name) {
  Words reads = {"option"};  // a plug-in sees to its own options
  for (const TransformEntry& entry : transform_table())
    if (entry.name == name) reads = entry.options;
  Words there;
  for (const std::string& option : reads) there.push_back("--" + option);
  for (const auto& [option, value] : given) {
    const bool of_transform = option == "option" || std::count(fields.begin(), fields.end(), option);
    if (of_transform && !value.defaulted() && !std::count(reads.begin(), reads.end(), option))
      throw UsageError("", 0, "--" + option,
                       name + " does not read it; it reads " + (there.empty() ? "no option" : join(there)));
  }
}

}  // namespace

int transforms(const Words& arguments) {
  po::options_description options("Options");
  const auto text = [](const char* name) { return po::value<std::string>()->value_name(name); };
  // clang-format off
  options.add_options()
    ("p", text("N")->default_value("4"), "tube length for the list, the matrix and, where given, the laws")
    ("width", text("N")->default_value("256"), "model width for the time; by default 256, or a multiple of p near it")
    ("show", text("NAME"), "print its stored matrix F at --p: rows k, columns l")
    ("laws", text("NAME"), "print every law with its worst error; status 1 where one is broken")
    ("plugin", po::value<Words>()->composing()->value_name("FILE.so"), "a plug-in to check and load; may be given again")
    ("init", text("NAME")->default_value("dct"), "learned_orthogonal: the base")
    ("parametrization", text("NAME")->default_value("cayley"), "learned_orthogonal: cayley, exponential, householder")
    ("seed", text("N")->default_value("0"), "permutation, random_orthogonal")
    ("file", text("FILE")->default_value("", "none"), "matrix: HDF5, NPY or CSV")
    ("dataset", text("NAME")->default_value("", "the only one"), "matrix: name inside an HDF5 file")
    ("option", po::value<Words>()->composing()->value_name("KEY=VALUE"), "with --show or --laws: an option of a plug-in; may be given again");
  // clang-format on
  const Help help = {
      "tubal transforms [options]",
      R"(Every transform, built in or plugged in: which p it takes, whether it is orthogonal, its scale,
its laws' worst error, the time of a token and the algorithm that took it. Plug-ins come from
--plugin and from TUBAL_PLUGIN_PATH (files and folders, apart by colons).)",
      R"(  tubal transforms --p 16 --width 512
  tubal transforms --show haar --p 8
  tubal transforms --show matrix --file L.npy --p 6
  tubal transforms --laws learned_orthogonal --init haar --parametrization householder
  tubal transforms --plugin ./dst.so --laws dst
)"};
  if (!arguments.empty() && !arguments[0].empty() && arguments[0][0] != '-')
    refuse(help, "found `" + arguments[0] + "`: all transforms are listed; for one, --show " + arguments[0] +
                     " or --laws " + arguments[0]);
  const auto given = parse(arguments, help, options, "");
  if (!given) return 0;
  const int p = whole_number(*given, "p", 1, 1024);
  int width = whole_number(*given, "width", 1, 1 << 20);
  if ((*given)["width"].defaulted()) width = std::max(1, width / p) * p;  // the multiple of p that is near
  TransformSpec spec;
  spec.seed = whole_number<std::uint64_t>(*given, "seed", 0, UINT64_MAX);
  spec.init = (*given)["init"].as<std::string>();
  spec.parametrization = (*given)["parametrization"].as<std::string>();
  spec.file = (*given)["file"].as<std::string>();
  spec.dataset = (*given)["dataset"].as<std::string>();
  if (given->count("plugin")) load_plugins((*given)["plugin"].as<Words>());
  if (given->count("option"))
    for (const std::string& option : (*given)["option"].as<Words>()) spec.options.insert(key_value(option));
  if (given->count("show") && given->count("laws"))
    throw UsageError("", 0, "--laws", "goes without --show: give one of the two");
  for (const char* view : {"show", "laws"})
    if (given->count(view)) {
      spec.name = (*given)[view].as<std::string>();
      const auto transform = make_transform(spec);
      require_read(*given, spec.name);
      if (std::string(view) == "show") return show_matrix(*transform, p);
      if ((*given)["p"].defaulted()) return show_laws(*transform, law_lengths());
      if (const auto reason = transform->refuses(p)) throw UsageError("", 0, "--p", *reason);
      return show_laws(*transform, std::span(&p, 1));
    }
  if (given->count("option"))
    throw UsageError("", 0, "--option",
                     "goes with --show NAME or --laws NAME, so that it is known whose it is");
  return list_transforms(spec, p, width);
}

}  // namespace tubal::cli
