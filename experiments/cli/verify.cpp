#include <boost/program_options.hpp>
#include <filesystem>
#include <iostream>

#include "core/error.hpp"
#include "core/format.hpp"
#include "core/parallel.hpp"
#include "core/typed.hpp"
#include "experiments/cli/arguments.hpp"
#include "experiments/cli/command.hpp"
#include "experiments/measure/golden.hpp"
#include "experiments/records/verify_study.hpp"
#include "experiments/runner/index.hpp"

namespace tubal::cli {

namespace po = boost::program_options;

static bool verify_case(const std::string& file, int threads, bool quiet) {
  bool passed = true;
  for (const GoldenResult& result : verify_golden(file, threads)) {
    passed &= result.passed();
    for (const GoldenGroup& g : result.groups) {
      const bool good = g.error <= result.bound;
      if (good && quiet) continue;
      const auto left = [](const std::string& text, std::size_t width) {
        return text + std::string(text.size() < width ? width - text.size() : 0, ' ') + " ";
      };
      std::cout << (good ? "ok   " : "FAIL ") << left(std::filesystem::path(file).stem().string(), 34)
                << left(result.precision, 6) << left(g.name, 12) << format("%9.2e", g.error) << " (bound "
                << format("%.0e", result.bound) << ") at " << g.tensor << "\n";
    }
  }
  return passed;
}

// Every file and checksum of a study's folder.
static bool verify_folder(const std::string& name, const std::string& studies) {
  const auto study = whole(find_study(name, studies).root);
  const Verification found = verify_study(study.root);
  for (const std::string& problem : found.problems) std::cout << "FAIL " << problem << "\n";
  for (const std::string& note : found.notes) std::cout << "note " << note << "\n";
  if (found.problems.empty())
    std::cout << "ok   " << study.root.string()
              << ": every file and checksum is sound, and every array value is its trial's\n";
  return found.problems.empty();
}

int verify(const std::vector<std::string>& arguments) {
  po::options_description options("Options");
  // clang-format off
  options.add_options()
    ("threads", po::value<int>()->default_value(1), "workers")
    ("quiet,q", "print failures and the summary only")
    ("studies", po::value<std::string>()->default_value("studies"), "folder in which studies lie");
  // clang-format on
  const auto parsed = parse(
      arguments,
      {"tubal verify CASE.h5 ...\ntubal verify STUDY ...",
       R"(Runs golden cases (made in float64 by an independent program) in double and in float, and prints
the largest relative error of each group with the tensor where it was found. The bounds are 1e-9
(double) and 1e-4 (float). Exit status 1 if any is passed.

Of a study, it checks every file and checksum; 1 if one is damaged.)",
       "  tubal verify tests/golden/*.h5\n  tubal verify imdb-transforms\n"},
      options, {"file", Positional::Count::one_or_more});
  if (!parsed) return 0;
  const po::variables_map& given = *parsed;
  int failed = 0;
  const auto files = given["file"].as<std::vector<std::string>>();
  std::size_t cases = 0;
  for (const std::string& file : files) {
    if (std::filesystem::path(file).extension() != ".h5") {
      failed += !verify_folder(file, given["studies"].as<std::string>());
      continue;
    }
    ++cases;
    failed += !verify_case(file, given["threads"].as<int>(), given.count("quiet") > 0);
  }
  if (cases) std::cout << cases << " cases, " << failed << " failed\n";
  return failed ? 1 : 0;
}

}  // namespace tubal::cli
