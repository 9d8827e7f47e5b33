// A trial's name depends on what it does, not on how it was written down; plans and trials survive being
// written.
#include <catch2/catch.hpp>

#include "config_fixture.hpp"

using namespace tubal;
using namespace tubal::test;

static std::string sha(const GridFolder& folder, const std::string& text, const GridOptions& options = {}) {
  const StudyPlan plan = folder.load(text, options);
  REQUIRE(plan.trials.size() == 1);
  return plan.trials[0].sha256;
}

TEST_CASE("the identity of the default trial is pinned", "[config]") {
  // If this changes, every study made before would run again: only with a change of what a trial is.
  TrialConfig c;
  INFO(canonical_text(canonical(c)));
  CHECK(identity(c) == "5820f7a1b9d079313d7cd711634ca4467fded3e88181801edcb7463a506d7212");
}

TEST_CASE("the same trial written in other ways has the same name", "[config]") {
  const GridFolder folder;
  const std::string rate = "training: {optimizer: {learning_rate: ", d = synthetic;
  const std::string one = sha(folder, d + rate + "1}}\n");
  for (const char* text : {"1.0", "1e0", "10e-1", "1.000"})
    CHECK(sha(folder, d + rate + text + "}}\n") == one);
  CHECK(sha(folder, d + rate + "1.0000000001}}\n") != one);
  CHECK(sha(folder, "training.optimizer.learning_rate: 1\nmodel: {}\n" + d) == one);
  CHECK(sha(folder, d, {{"training.optimizer.learning_rate=1"}, {}, {}}) == one);
  CHECK(sha(folder, d + rate + "1}}\nruntime: {jobs: 3, threads: 2}\npolicy: {retries: 2}\nstudy: other\n") ==
        one);
  CHECK(sha(folder, d + rate + "1}}\nseeds: [1]\n") != one);
}

TEST_CASE("values without effect do not enter the name, those with effect do", "[config]") {
  const GridFolder folder;
  const auto model = [&](const std::string& m) { return sha(folder, synthetic + "model: {" + m + "}\n"); };
  CHECK(model("p: 4, heads: 8") == model("p: 4, heads_per_slice: 2"));
  CHECK(model("p: 4, heads: 8") != model("p: 4, heads: 4"));
  CHECK(model("p: 1, transform: haar") == model("p: 1"));
  CHECK(model("p: 1, activation_domain: original") == model("p: 1"));
  CHECK(model("p: 1, frequency_scaling: harmonic") == model("p: 1"));
  CHECK(model("p: 1, frequency_scaling: {kind: learned, at: input}") != model("p: 1"));
  CHECK(model("p: 4, transform: haar") != model("p: 4, transform: dct"));
  CHECK(model("p: 4, transform: {name: dct, seed: 3}") == model("p: 4"));
  CHECK(model("p: 4, transform: {name: permutation, seed: 3}") != model("p: 4, transform: permutation"));
  CHECK(model("p: 4, transform: {name: dct, init: haar}") == model("p: 4"));
  CHECK(model("p: 4, transform: {name: learned_orthogonal, init: haar}") !=
        model("p: 4, transform: learned_orthogonal"));
  CHECK(model("p: 4, frequency_scaling: {kind: none, alpha: 2, at: input}") == model("p: 4"));
  CHECK(model("p: 4, frequency_scaling: {kind: harmonic, alpha: 2}") ==
        model("p: 4, frequency_scaling: harmonic"));
  CHECK(model("p: 4, frequency_scaling: {kind: power, alpha: 2}") != model("p: 4, frequency_scaling: power"));
  CHECK(model("kind: bag_of_words, width: 64, p: 2") == model("kind: bag_of_words"));
  const std::string d = synthetic;
  CHECK(sha(folder, "data: {name: synthetic, path: x, tokenizer: {model_type: bpe}}\n") == sha(folder, d));
  CHECK(sha(folder, "data: {name: synthetic, synthetic: {length: 9}}\n") != sha(folder, d));
  CHECK(sha(folder, d + "training: {schedule: {kind: constant, final: 0.5}}\n") ==
        sha(folder, d + "training: {schedule: constant}\n"));
  CHECK(sha(folder, d + "training: {early_stopping: {metric: validation_loss}}\n") == sha(folder, d));
}

TEST_CASE("canonical is idempotent and changes no name", "[config]") {
  const GridFolder folder;
  for (const Trial& t : load_grid(TUBAL_SOURCE "/experiments/grids/imdb-transforms.yaml",
                                  {{"training.optimizer.learning_rate=3e-4"}, {}, {}})
                            .trials) {
    CHECK(canonical(t.config) == t.config);
    CHECK(identity(t.config) == t.sha256);
  }
}

TEST_CASE("a study in another folder has the same names; a matrix file counts by its content", "[config]") {
  const GridFolder a, b;
  const std::string text = "data: {name: imdb, path: texts}\n";
  CHECK(sha(a, text) == sha(b, text));
  CHECK(a.load(text).trials[0].config.data.folder == a.path.string());
  TrialConfig one, other;
  one.model.transform.name = other.model.transform.name = "plug-in of someone";
  one.plugins = {{"/a.so", "00"}}, other.plugins = {{"/b.so", "00"}};
  CHECK(identity(one) == identity(other));
  other.plugins[0].sha256 = "01";
  CHECK(identity(one) != identity(other));
  one.model.transform.name = other.model.transform.name = "dct";  // no plug-in in use
  CHECK(identity(one) == identity(other));
}

static bool same(const StudyPlan& a, const StudyPlan& b) {
  if (a.trials.size() != b.trials.size()) return false;
  for (std::size_t i = 0; i < a.trials.size(); ++i) {
    const Trial &x = a.trials[i], &y = b.trials[i];
    if (!(x.config == y.config) || x.sha256 != y.sha256 || x.id != y.id || x.label != y.label ||
        x.baseline != y.baseline || x.cells != y.cells)
      return false;
  }
  return a.study == b.study && a.source == b.source && a.runtime == b.runtime && a.policy == b.policy &&
         a.asha == b.asha && a.axes == b.axes && a.seeds == b.seeds && a.baseline == b.baseline &&
         a.plugins == b.plugins && a.warnings == b.warnings && a.dropped.size() == b.dropped.size();
}

TEST_CASE("a written plan reads back to the identical one", "[config]") {
  const GridFolder folder;
  const std::string text =
      "study: s-1\ndata: {name: csv, train: \"tr: ain.csv\", test: 'te,st.csv', text: \"010\", label: "
      "\"yes\"}\n"
      "training: {optimizer: {learning_rate: 1e-8, betas: [0.9, 0.99]}}\nmodel: {frequency_scaling: {kind: "
      "values, at: input, values: [1, 0.5, 1e-3, 2]}}\n"
      "sweep: {grid: {model.p: [4], model.transform: [dct, haar, {name: learned_orthogonal, init: haar}], "
      "model.dropout: [0, 0.25]}, "
      "early_stop: {asha: {metric: validation_loss, eta: 4}}}\nbaseline: {model.transform: dct}\nseeds: [3, "
      "1]\nruntime: {jobs: 2, checkpoint_seconds: 0.5}\npolicy: {on_nan: skip}\n";
  const StudyPlan plan = folder.load(text);
  CHECK(plan.trials.size() == 12);
  CHECK(plan.asha.eta == 4);
  const std::string written = write_plan(plan);
  INFO(written);
  const std::string file = folder.write("plan.yaml", written);
  CHECK(same(plan, read_plan(file)));
  CHECK(write_plan(read_plan(file)) == written);
  std::string edited = written;  // a changed trial no longer has its name
  edited.replace(edited.rfind("model.dropout: 0.25"), 19, "model.dropout: 0.35");
  folder.write("plan.yaml", edited);
  CHECK_THROWS_WITH(read_plan(file), Catch::Contains("now comes out as") && Catch::Contains("plan.yaml:"));
}

TEST_CASE("a written trial reads back to itself, its numbers being numbers to every reader", "[config]") {
  const GridFolder folder;
  for (const Trial& t : load_grid(TUBAL_SOURCE "/experiments/grids/imdb-transforms.yaml",
                                  {{"training.optimizer.learning_rate=3e-4"}, {}, {}})
                            .trials) {
    const std::string text = write_trial(t.config);
    INFO(text);
    CHECK(read_trial(folder.write("config.yaml", text)) == t.config);
    CHECK_THAT(text, Catch::Contains("learning_rate: 3.0e-04"));
  }
}
