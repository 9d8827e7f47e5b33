// Golden files that are none, or of models that cannot be: the message names file, line and key. (Those that
// are pass or fail in tests/layers/test_model.cpp.)
#include <algorithm>
#include <catch2/catch.hpp>

#include "core/hdf5.hpp"
#include "experiments/measure/golden.hpp"
#include "tests/experiments/config/config_fixture.hpp"

using namespace tubal;
using Catch::Matchers::Contains;

namespace {

std::string fault(const std::string& config, const std::vector<std::string>& left_out = {}) {
  const test::GridFolder folder;
  const std::string file = (folder.path / "case.h5").string();
  hdf5::Writer w(file);
  w.attribute("/", "config", config);
  const std::vector<std::int64_t> tokens = {1, 2, 3}, offsets = {0, 3}, labels = {0};
  const auto write = [&](const std::string& name, const std::vector<std::int64_t>& x) {
    if (std::find(left_out.begin(), left_out.end(), name) == left_out.end())
      w.write<std::int64_t>(name, x, {x.size()});
  };
  write("/batch/tokens", tokens);
  write("/batch/offsets", offsets);
  write("/batch/labels", labels);
  w.group("/parameters");
  w.publish();
  try {
    verify_golden(file);
  } catch (const UsageError& e) {
    return e.what();
  }
  return "";
}

const std::string sound = "width: 8\np: 2\nheads_per_slice: 1\nvocabulary: 5\nclasses: 2\nmax_length: 3\n";

}  // namespace

TEST_CASE("a golden file that cannot be run is refused with file, line and key", "[config]") {
  struct Case {
    std::string config;
    std::vector<std::string> says;
  };
  for (const Case& c : std::vector<Case>{
           {sound, {"golden case", "lacks the parameter"}},
           {sound + "widht: 3\n", {"case.h5", "`config`:7: model.widht: unknown key", "`model.width`"}},
           {sound + "activation: gelo\n", {"`config`:7: model.activation: found `gelo`", "gelu, relu, silu"}},
           {sound + "stack:\n- attention\n- convolution\n",
            {"`config`:8: model.stack: found `convolution` in the list", "feed_forward"}},
           {sound + "rank: 5\n", {"`config`:7: model.rank: rank 5 is above the slice width 4"}},
           {sound + "transform: fourier\n", {"case.h5", "`fourier` is no transform"}},
           {sound + "transform:\n- dct\n- name: permutation\n  sead: 3\n", {"entry 1 of the list", "`seed`"}},
           {sound + "task: language_model\n", {"/batch/targets"}},
           {sound + "task: translation\n", {"`config`:7: task: found `translation`"}},
           {sound + "vocabulary: 7\n", {"vocabulary", "twice"}},
           {"width: 8\np: 2\nvocabulary: 5\n", {"classes", "missing"}},
           {"width: 8\np: 2\nvocabulary: 0\nclasses: 2\n",
            {"`config`:3: vocabulary: found `0`", "1 or more"}},
           {"[", {"case.h5", "not valid YAML"}}}) {
    const std::string message = fault(c.config);
    INFO(c.config << "-> " << message);
    CHECK_FALSE(message.empty());
    for (const std::string& part : c.says) CHECK_THAT(message, Contains(part));
  }
  CHECK_THAT(fault(sound, {"/batch/tokens"}), Contains("no golden case"));
  CHECK_THAT(fault(sound, {"/batch/labels"}), Contains("needs the data set /batch/labels"));
}
