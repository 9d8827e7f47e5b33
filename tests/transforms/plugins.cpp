// Loading plug-ins: faults are refused by law and figure, sound ones are checked, named and used.
#include "transforms/plugins.hpp"

#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "core/error.hpp"
#include "tests/temporary.hpp"

using namespace tubal;

static std::filesystem::path fault_file(int fault) {
  std::ostringstream name;
  name << TUBAL_BINARY << "/tests/plugins/fault_" << fault << ".so";
  return name.str();
}

static std::string refusal(const std::filesystem::path& file) {
  try {
    load_plugin(file);
  } catch (const UsageError& e) {
    return e.what();
  }
  return "accepted";
}

TEST_CASE("a plug-in with a fault is refused with the reason") {
  const std::vector<std::pair<int, std::vector<std::string>>> faults = {
      {1, {"takes p = 5", "out of cheese"}},
      {2, {"not finite", "[2, 3] at p = 7"}},
      {3, {"writes past the end", "3 x 3"}},
      {4, {"claimed scale", "error 3", "allowed"}},
      {5, {"p = 6", "singular", "condition"}},
      {6, {"gradient by differences", "allowed 1e-07"}},
      {7, {"frequencies in [0, 1]"}},
      {8, {"none of the p", "31, 64"}},
      {10, {"version 99", "takes version 1"}},
      {11, {"built-in"}},
      {12, {"exports no `tubal_plugin`"}},
      {13, {"takes p = 3", "no std::exception"}},
      {14, {"application = matrix, double", "at p ="}},
      {15, {"application failed"}},
      {16, {"writes to its output alone", "error 1"}},
      {17, {"writes more than its parameters", "1 parameters"}},
      {18, {"gradient by differences", "p = 8", "error nan"}},
      {19, {"gradient writes more than its parameters"}},
      {20, {"has 2 of parameter_count, initial_parameters and gradient"}},
      {21, {"returned nothing"}},
      {22, {"threw an exception"}},
      {23, {"`Bad name` is not made of lower-case letters"}},
      {24, {"size = sizeof(tubal_transform)"}},
      {25, {"has no function `matrix`"}},
  };
  for (const auto& [fault, words] : faults)
    for (const std::string& word : words) {
      INFO("fault " << fault);
      CHECK_THAT(refusal(fault_file(fault)), Catch::Contains(word));
    }
  CHECK(loaded_plugins().empty());
}

TEST_CASE("what is no plug-in is refused") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(load_plugin(folder / "missing.so"), Catch::Contains("no such plug-in"));
  std::ofstream(folder / "text.so") << "not a library";
  CHECK_THROWS_WITH(load_plugin(folder / "text.so"), Catch::Contains("no shared library"));
}

// Foreign code that ends or holds up its process: this one goes on and names the file,
// the signal and the stage.
TEST_CASE("a plug-in that crashes, exits or never ends is refused, and this process lives") {
  ::setenv("TUBAL_PLUGIN_SECONDS", "1", 1);
  const std::vector<std::pair<int, std::vector<std::string>>> faults = {
      {1, {"crashed by signal 11", "its laws were checked"}},
      {2, {"crashed by signal 6", "its laws were checked"}},
      {3, {"did not come to an end", "1 s of processor time", "TUBAL_PLUGIN_SECONDS=10"}},
      {4, {"exit status 0", "its laws were checked"}},
      {5, {"crashed by signal 11", "it was loaded"}},
      {6, {"crashed by signal 8"}},
      {7, {"did not come to an end", "6 s were allowed"}},
      {8, {"exit status 7"}},
  };
  for (const auto& [fault, words] : faults) {
    const std::filesystem::path file =
        std::filesystem::path(TUBAL_BINARY) / "tests/plugins" / ("crash_" + std::to_string(fault) + ".so");
    const std::string message = refusal(file);
    for (const std::string& word : words) CHECK_THAT(message, Catch::Contains(word));
    CHECK_THAT(message, Catch::StartsWith(file.string() + ": the plug-in "));
  }
  ::unsetenv("TUBAL_PLUGIN_SECONDS");
  CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);  // no child is left
  CHECK(loaded_plugins().empty());
}

TEST_CASE("a plug-in cut off anywhere is refused, and this process lives") {
  std::ifstream in(fault_file(9), std::ios::binary);
  const std::string whole((std::istreambuf_iterator<char>(in)), {});
  REQUIRE(whole.size() > 10000);
  const TemporaryFolder folder;
  for (std::size_t sixteenths = 0; sixteenths < 16; ++sixteenths) {
    const std::filesystem::path file = folder / ("cut_" + std::to_string(sixteenths) + ".so");
    std::ofstream(file, std::ios::binary) << whole.substr(0, whole.size() * sixteenths / 16);
    INFO(sixteenths << " sixteenths");
    CHECK_THROWS_AS(load_plugin(file), UsageError);
  }
  CHECK(loaded_plugins().empty());
}

TEST_CASE(
    "a sound plug-in is made by its name and known by its digest, an exception while it is "
    "asked is a refusal") {
  const std::filesystem::path path = fault_file(9);  // sound but for throwing at p = 4
  const Plugin& plugin = load_plugin(path);
  CHECK(plugin.entry.name == "broken");
  CHECK(plugin_digest("broken") == plugin.sha256);
  CHECK(plugin.sha256.size() == 64);
  CHECK(plugin_digest("dct").empty());
  CHECK(&load_plugin(path) == &plugin);  // the same again

  TransformSpec spec;
  spec.name = "broken";
  const auto transform = make_transform(spec);
  CHECK(transform->plan(3)->forward_matrix()(2, 2) == 1);
  CHECK_THAT(transform->refuses(4).value_or(""), Catch::Contains("no std::exception"));
  CHECK_THROWS_AS(transform->plan(4), UsageError);
  CHECK_THROWS_AS(transform->plan(0), UsageError);
  spec.options["sweeps"] = "2";
  CHECK_THROWS_WITH(make_transform(spec), Catch::Contains("takes no options"));
  spec.name = "brokn";
  CHECK_THROWS_WITH(make_transform(spec), Catch::Contains("did you mean `broken`?"));
}
