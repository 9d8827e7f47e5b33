#include <algorithm>
#include <boost/program_options.hpp>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <optional>

#include "core/error.hpp"
#include "experiments/cli/command.hpp"
#include "transforms/laws.hpp"
#include "transforms/matrix.hpp"
#include "transforms/plugins.hpp"

namespace tubal::cli {

namespace po = boost::program_options;

namespace {

using Words = std::vector<std::string>;

std::string format(const char* how, double x) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, how, x);
  return buffer;
}

// Columns as wide as their widest cell; `right` ones to the right.
void print_table(const std::vector<Words>& rows, const std::vector<std::size_t>& right) {
  std::vector<std::size_t> width(rows[0].size());
  for (const Words& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) width[i] = std::max(width[i], row[i].size());
  for (const Words& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string pad(width[i] - row[i].size(), ' ');
      const bool to_right = std::find(right.begin(), right.end(), i) != right.end();
      line += (i ? "  " : "") + (to_right ? pad + row[i] : row[i] + pad);
    }
    std::cout << line.substr(0, line.find_last_not_of(' ') + 1) << "\n";
  }
}

// Nanoseconds a token of forward and inverse together, float, the best of several runs over 256 tokens.
double nanoseconds_per_token(const TransformPlan& plan, std::size_t m) {
  const std::size_t tokens = 256;
  std::vector<float> x(tokens * plan.p() * m, 1.0f), y(x.size());
  double best = INFINITY;
  for (int run = 0; run < 9; ++run) {
    const auto start = std::chrono::steady_clock::now();
    plan.forward(x.data(), y.data(), tokens, m);
    plan.inverse(y.data(), x.data(), tokens, m);
    best = std::min(
        best, std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count());
  }
  return best / static_cast<double>(tokens);
}

const Law& worst(const std::vector<Law>& laws) {
  const auto ratio = [](const Law& l) { return l.holds() ? l.error / std::max(l.bound, 1e-300) : INFINITY; };
  return *std::max_element(laws.begin(), laws.end(),
                           [&](const Law& a, const Law& b) { return ratio(a) < ratio(b); });
}

std::string figures(const Law& l) { return format("%.1e", l.error) + " of " + format("%.1e", l.bound); }

std::string orthogonality(double scale) {
  return scale == 0 ? "no" : std::abs(scale - 1) < 1e-12 ? "yes" : "up to scale";
}

// One row of the list; laws broken anywhere are counted in `broken`.
Words row(const TransformEntry& entry, TransformSpec spec, int p, std::size_t m, int& broken) {
  spec.name = entry.name;
  if (entry.name == "matrix" && spec.file.empty())
    return {entry.name, entry.allowed_p, "-", "-", "-", "-", "needs --file", entry.summary};
  const auto transform = make_transform(spec);
  const std::vector<Law> laws = check_laws(*transform, law_lengths());
  const Law& l = worst(laws);
  broken += !l.holds();
  const std::string state =
      l.holds() ? figures(l) : "BROKEN: " + l.law + ", p = " + std::to_string(l.p) + ": " + figures(l);
  if (transform->refuses(p))
    return {entry.name,   entry.allowed_p, "-", "-", state, "-", "not at p = " + std::to_string(p),
            entry.summary};
  const auto plan = transform->plan(p);
  return {entry.name,
          entry.allowed_p,
          orthogonality(plan->scale()),
          format("%.4g", plan->scale()),
          state,
          format("%.0f", nanoseconds_per_token(*plan, m)),
          plan->algorithm(),
          entry.summary};
}

int list(const TransformSpec& spec, int p, int width) {
  if (width % p)
    throw UsageError("", 0, "--width",
                     "p = " + std::to_string(p) + " does not divide width = " + std::to_string(width) +
                         "; with this p the width could be " +
                         (width < p ? "" : std::to_string(width / p * p) + " or ") +
                         std::to_string((width / p + 1) * p));
  std::vector<Words> rows = {{"transform", "takes p", "orthogonal", "scale", "worst law error", "ns/token",
                              "algorithm", "what it is"}};
  int broken = 0;
  for (const TransformEntry& entry : transform_table())
    rows.push_back(row(entry, spec, p, width / p, broken));
  for (const Plugin* plugin : loaded_plugins())
    rows.push_back(row(plugin->entry, spec, p, width / p, broken));
  std::cout << "At p = " << p << ", width " << width << " (slices of width " << width / p
            << "); laws on p = 1..12, 16, 31, 64 where taken.\n\n";
  print_table(rows, {3, 5});
  std::cout
      << "\nscale        l where L^H L = l I, 0 where there is none\n"
         "worst error  of the law that came nearest to its bound, and that bound; `--laws NAME` shows all\n"
         "ns/token     forward and inverse together, float, one thread\n";
  for (const Plugin* plugin : loaded_plugins())
    std::cout << "plug-in      " << plugin->entry.name << ": " << plugin->file.string() << ", SHA-256 "
              << plugin->sha256 << "\n";
  return broken ? 1 : 0;
}

int show_laws(const Transform& transform) {
  std::vector<Words> rows = {{"law", "worst error", "allowed", "at p", ""}};
  bool hold = true;
  for (const Law& l : check_laws(transform, law_lengths())) {
    rows.push_back({l.law, format("%.2e", l.error), format("%.2e", l.bound), std::to_string(l.p),
                    l.holds() ? "holds" : "BROKEN"});
    hold = hold && l.holds();
  }
  print_table(rows, {1, 2, 3});
  return hold ? 0 : 1;
}

int show(const Transform& transform, int p) {
  const auto plan = transform.plan(p);
  const Matrix& F = plan->forward_matrix();
  std::cout << transform.name() << " at p = " << p << ": "
            << (orthogonality(plan->scale()) == "yes" ? "orthogonal"
                : plan->scale()                       ? "L^H L = " + format("%.6g", plan->scale()) + " I"
                                                      : "not orthogonal")
            << ", condition " << format("%.4g", condition_number(F)) << ", applied by " << plan->algorithm();
  if (const std::size_t n = transform.parameter_count(p))
    std::cout << ", " << n << " parameters (shown where they start)";
  std::cout << "\n\n";
  std::vector<Words> rows = {{"bin", "", "f_k"}};
  std::vector<std::size_t> right = {0, 2};
  for (int l = 0; l < p; ++l) rows[0].push_back("l = " + std::to_string(l)), right.push_back(l + 3);
  std::size_t r = 0;
  for (const Slice& s : plan->slices())
    for (int part = 0; part <= s.complex; ++part, ++r) {
      rows.push_back(
          {std::to_string(s.bin), s.complex ? (part ? "im" : "re") : "", format("%.4f", s.frequency)});
      for (int l = 0; l < p; ++l)
        rows.back().push_back(format("%.6f", std::abs(F(r, l)) < 5e-7 ? 0.0 : F(r, l)));
    }
  print_table(rows, right);
  return 0;
}

std::pair<std::string, std::string> key_value(const std::string& text) {
  const std::size_t at = text.find('=');
  if (at == 0 || at == std::string::npos)
    throw UsageError("", 0, "--option", "found `" + text + "`, needs KEY=VALUE");
  return {text.substr(0, at), text.substr(at + 1)};
}

}  // namespace

int transforms(const Words& arguments) {
  TransformSpec spec;
  int p = 4, width = 256;
  po::options_description options("Options");
  // clang-format off
  options.add_options()("help,h", "this text")
    ("p", po::value(&p)->value_name("N"), "tube length for the matrix, the scale and the time (4)")
    ("width", po::value(&width)->value_name("N"), "model width for the time (256)")
    ("show", po::value<std::string>()->value_name("NAME"), "print its stored matrix F at --p: rows k, columns l")
    ("laws", po::value<std::string>()->value_name("NAME"), "print every law with its worst error")
    ("plugin", po::value<Words>()->composing()->value_name("FILE.so"), "a plug-in to check and load; may be given again")
    ("init", po::value(&spec.init)->value_name("NAME"), "learned_orthogonal: the base (dct)")
    ("parametrization", po::value(&spec.parametrization)->value_name("NAME"), "learned_orthogonal: cayley, exponential, householder")
    ("seed", po::value(&spec.seed)->value_name("N"), "permutation, random_orthogonal (0)")
    ("file", po::value(&spec.file)->value_name("FILE"), "matrix: HDF5, NPY or CSV")
    ("dataset", po::value(&spec.dataset)->value_name("NAME"), "matrix: name inside an HDF5 file")
    ("option", po::value<Words>()->composing()->value_name("KEY=VALUE"), "with --show or --laws: an option of a plug-in");
  // clang-format on
  po::variables_map given;
  try {
    po::store(po::command_line_parser(arguments).options(options).positional({}).run(), given);
    po::notify(given);
  } catch (const po::error& e) {
    throw UsageError(std::string("transforms: ") + e.what() + "; see `tubal transforms --help`");
  }
  if (given.count("help")) {
    std::cout << "tubal transforms [options]\n\nLists every transform, built in or plugged in: which p it "
                 "takes, whether it is orthogonal, its laws'\n"
                 "worst error, its cost. TUBAL_PLUGIN_PATH (files and folders, apart by colons) loads "
                 "plug-ins too.\n\n"
              << options
              << "\nExamples\n"
                 "  tubal transforms --p 16 --width 512\n"
                 "  tubal transforms --show haar --p 8\n"
                 "  tubal transforms --show matrix --file L.npy --p 6\n"
                 "  tubal transforms --laws learned_orthogonal --init haar --parametrization householder\n"
                 "  tubal transforms --plugin ./dst.so --laws dst\n";
    return 0;
  }
  if (p < 1) throw UsageError("", 0, "--p", "found " + std::to_string(p) + ", needs 1 or more");
  if (width < 1) throw UsageError("", 0, "--width", "found " + std::to_string(width) + ", needs 1 or more");
  if (given.count("plugin")) load_plugins(given["plugin"].as<Words>());
  if (given.count("option"))
    for (const std::string& text : given["option"].as<Words>()) spec.options.insert(key_value(text));
  for (const char* view : {"show", "laws"})
    if (given.count(view)) {
      spec.name = given[view].as<std::string>();
      const auto transform = make_transform(spec);
      return std::string(view) == "show" ? show(*transform, p) : show_laws(*transform);
    }
  if (given.count("option"))
    throw UsageError("", 0, "--option",
                     "goes with --show NAME or --laws NAME, so that it is known whose it is");
  return list(spec, p, width);
}

}  // namespace tubal::cli
