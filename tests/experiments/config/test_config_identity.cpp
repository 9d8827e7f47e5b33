// A trial's name depends on what it does, not on how it was written down; plans and
// trials survive being written.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <tuple>

#include "tests/experiments/config/config_fixture.hpp"

#include "experiments/config/identity.hpp"
#include "experiments/config/trial_file.hpp"
#include "experiments/plan/grid.hpp"
#include "experiments/plan/plan_file.hpp"
#include "experiments/plan/plan_reader.hpp"
#include "experiments/plan/study_plan.hpp"

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

TEST_CASE("a study in another folder has the same names, a matrix file counts by its content", "[config]") {
  const GridFolder a, b;
  const std::string text = "data: {name: imdb, path: texts}\n";
  CHECK(sha(a, text) == sha(b, text));
  CHECK(a.load(text).trials[0].config.data.folder == a.path.string());
  TrialConfig one, other;
  one.model.transform.name = other.model.transform.name = "plug-in of someone";
  one.plugins = {{"/a.so", "00"}};
  other.plugins = {{"/b.so", "00"}};
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
  for (std::size_t end = written.find('\n'); end + 1 < written.size(); end = written.find('\n', end + 1)) {
    INFO("cut after " << end + 1 << " bytes");  // at the end of a line, where it is YAML all the same
    CHECK_THROWS_AS(read_plan_lines(folder.write("plan.yaml", written.substr(0, end + 1))), UsageError);
  }
  std::string edited = written;  // a changed trial no longer has its name
  edited.replace(edited.rfind("model.dropout: 0.25"), 19, "model.dropout: 0.35");
  folder.write("plan.yaml", edited);
  CHECK_THROWS_WITH(read_plan(file), Catch::Contains("now comes out as") && Catch::Contains("plan.yaml:"));
}

TEST_CASE("lists of names in plans and trials read back to the identical ones", "[config]") {
  const GridFolder folder;
  folder.write("L.csv", "1,0\n0,1\n");
  const StudyPlan plan = folder.load(
      synthetic +
      "model: {width: 16, p: 2, rank: 2, norm_kind: rms_norm, activation: swiglu, position: rotary}\n"
      "sweep: {grid: {model.stack: [[attention], [attention, mixer, feed_forward]], model.transform: [dct, "
      "[dct, "
      "{name: permutation, seed: 3}], [haar, {name: matrix, file: ./L.csv}], {name: learned_orthogonal, "
      "init: "
      "haar}]}}\nbaseline: {model.transform: [[dct, {name: permutation, seed: 3}]], model.stack: "
      "[attention]}\n"
      "seeds: [0]\n");
  CHECK(plan.axes == std::vector<std::string>{"model.stack", "model.transform", "model.transform.init"});
  REQUIRE(plan.trials.size() == 8);
  CHECK(plan.trials[0].label == "stack=[attention] transform=dct");
  CHECK(plan.trials[5].label ==
        "stack=[attention, mixer, feed_forward] transform=[dct, {name: permutation, seed: 3}]");
  CHECK(plan.trials[1].baseline);
  CHECK(std::count_if(plan.trials.begin(), plan.trials.end(), [](auto& t) { return t.baseline; }) == 1);
  const std::string written = write_plan(plan), file = folder.write("plan.yaml", written);
  INFO(written);
  CHECK(same(plan, read_plan(file)));
  CHECK(write_plan(read_plan(file)) == written);
  for (const Trial& t : plan.trials) {
    const std::string text = write_trial(t.config);
    INFO(text);
    CHECK(read_trial(folder.write("config.yaml", text)) == t.config);
  }
}

TEST_CASE("lists on the command line are written as in YAML", "[config]") {
  const GridFolder folder;
  const auto one = [&](const std::string& model) {
    return sha(folder, synthetic + "model: {" + model + "}\n");
  };
  const auto set = [&](const std::string& text) { return sha(folder, synthetic, {{text}, {}, {}}); };
  CHECK(set("model.stack=attention,mixer") == one("stack: [attention, mixer]"));
  CHECK(set("model.stack=[attention, mixer]") == one("stack: [attention, mixer]"));
  CHECK(set("model.transform=haar") == one("transform: haar"));
  CHECK(set("model.transform=[dct,haar]") == one("transform: [dct, haar]"));
  CHECK(set("model.transform=[dct, {name: permutation, seed: 3}]") ==
        one("transform: [dct, {name: permutation, seed: 3}]"));
  const StudyPlan plan = folder.load(synthetic + "seeds: [0]\n",
                                     {{},
                                      {"model.transform=dct,[dct, haar],[dct,{name: permutation, seed: 1}]",
                                       "model.stack=[attention],[mixer]"},
                                      {}});
  REQUIRE(plan.trials.size() == 6);
  CHECK(plan.trials[0].label == "transform=dct stack=[attention]");
  CHECK(plan.trials[3].label == "transform=[dct, haar] stack=[mixer]");
  CHECK(folder.load(synthetic + "seeds: [0]\n", {{}, {"training.optimizer.betas=[0.9,0.99],[0.9,0.999]"}, {}})
            .trials.size() == 2);
}

TEST_CASE("an axis over lists falls together where lists mean the same, and says so", "[config]") {
  const GridFolder folder;
  const StudyPlan plan = folder.load(
      synthetic +
      "seeds: [0]\nsweep: {grid: {model.p: [1, 4], model.transform: [dct, [dct], [dct, dct], [dct, haar]]}, "
      "exclude: [{model.p: 4, model.transform: [[dct, haar]]}]}\n");
  REQUIRE(plan.trials.size() == 2);
  CHECK(plan.trials[0].label == "p=1");
  CHECK(plan.trials[1].label == "p=4 transform=dct");
  std::size_t dropped = 0;
  for (const Dropped& d : plan.dropped) dropped += d.count;
  CHECK(dropped == 5);
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

TEST_CASE("trials of earlier studies keep their names", "[config]") {
  std::map<std::string, std::vector<std::string>> names;
  std::ifstream file(TUBAL_SOURCE "/tests/experiments/trial_names.txt");
  for (std::string grid, id; file >> grid >> id;) names[grid].push_back(id);
  REQUIRE(names.size() == 5);
  for (const auto& [grid, ids] : names) {
    INFO(grid);
    std::vector<std::string> now;
    for (const Trial& t : load_grid(TUBAL_SOURCE "/" + grid).trials) now.push_back(t.id);
    CHECK(now == ids);
  }
}

TEST_CASE("keys of the layer stack enter a name by what they change", "[config]") {
  const GridFolder folder;
  const auto model = [&](const std::string& m) { return sha(folder, synthetic + "model: {" + m + "}\n"); };
  const std::string plain = model("p: 4");
  // At their defaults, and where they have no effect.
  for (const char* same :
       {"stack: [attention, feed_forward]", "norm_kind: layer_norm", "rank: 0", "tied: true", "tied: false",
        "transform: [dct]", "transform: [dct, dct]", "transform: [{name: dct}, dct, {name: dct, init: haar}]",
        "transform: [{name: dct, seed: 3}]", "transform: [dct, dct, dct, dct, haar]"})
    CHECK(model(std::string("p: 4, ") + same) == plain);
  CHECK(sha(folder, synthetic + "task: classification\n") == sha(folder, synthetic));
  CHECK(model("p: 1, transform: [dct, haar]") == model("p: 1"));
  CHECK(model("p: 4, depth: 1, transform: [haar, dct]") == model("p: 4, depth: 1, transform: haar"));
  CHECK(model("p: 4, transform: [dct, haar, dct, haar]") == model("p: 4, transform: [dct, haar]"));
  CHECK(model("p: 4, depth: 2, transform: [dct, haar, identity]") ==
        model("p: 4, depth: 2, transform: [dct, haar]"));
  CHECK(model("p: 4, transform: [{name: learned_orthogonal, init: haar}]") ==
        model("p: 4, transform: {name: learned_orthogonal, init: haar}"));
  CHECK(model("p: 4, kind: bag_of_words, stack: [mixer], rank: 3, transform: [dct, haar]") ==
        model("kind: bag_of_words"));
}

TEST_CASE("a key without effect in a stack, a task or a list of transforms leaves the name alone",
          "[config]") {
  const GridFolder folder;
  const auto model = [&](const std::string& m) { return sha(folder, synthetic + "model: {" + m + "}\n"); };
  struct Pair {
    const char *with, *without;
    bool same;
  };
  for (const Pair& p :
       {Pair{"stack: [mixer], rank: 2", "stack: [mixer]", true},
        {"stack: [feed_forward], rank: 2", "stack: [feed_forward]", false},
        {"stack: [feed_forward], heads: 8", "stack: [feed_forward]", true},
        {"stack: [feed_forward], heads_per_slice: 2", "stack: [feed_forward]", true},
        {"stack: [feed_forward], heads: 3", "stack: [feed_forward]", true},
        {"stack: [feed_forward, mixer], attention_bias: false", "stack: [feed_forward, mixer]", true},
        {"stack: [attention], activation: swiglu, feed_forward: 2", "stack: [attention]", true},
        {"stack: [attention], activation_domain: original", "stack: [attention]", true},
        {"activation: swiglu", "activation: geglu", false},
        {"norm_kind: rms_norm", "", false},
        {"stack: [feed_forward, attention]", "", false},
        {"stack: [attention, feed_forward, feed_forward]", "", false},
        {"position: rotary", "", false},
        {"position: {kind: rotary, domain: spectral}", "position: rotary", true},
        {"position: none", "", false},
        {"transform: [dct, haar]", "transform: [haar, dct]", false},
        {"transform: [dct, haar]", "", false},
        {"transform: [{name: permutation, seed: 3}]", "transform: permutation", false},
        {"transform: [dct, {name: haar, init: haar}]", "transform: [dct, haar]", true}}) {
    INFO(p.with << " against " << p.without);
    CHECK((model(p.with) == model(p.without)) == p.same);
  }
  const auto init = [&](const char* init) {
    return sha(folder, synthetic + "model.transform: [dct, haar]\nmodel.transform.init: " + init + "\n");
  };
  CHECK(init("haar") == init("dct"));  // an entry brings its own
}

TEST_CASE("a list of transforms counts by its content, and its learned entries one by one", "[config]") {
  ModelConfig m;
  TransformSpec learned, haar;
  learned.name = "learned_orthogonal";
  haar.name = "haar";
  TrialConfig one, two, haars;
  one.model.transform = learned;
  two.model.transforms = {learned, learned};  // two rotations, each with parameters of its own
  CHECK(identity(one) != identity(two));
  CHECK(canonical(two).model.transforms.size() == 2);
  haars.model.transforms = {haar, haar};
  CHECK(canonical(haars).model.transforms.empty());
  CHECK(canonical(haars).model.transform == haar);
  const TrialConfig before = canonical(two);
  CHECK(canonical(before) == before);
  const GridFolder a, b;  // a matrix file in another folder
  TransformSpec matrix;
  matrix.name = "matrix";
  TrialConfig x, y;
  for (const auto& [folder, trial, text] :
       {std::tuple{&a, &x, "1,0\n0,1\n"}, std::tuple{&b, &y, "1,0\n0,1\n"}}) {
    matrix.file = folder->write("L.csv", text);
    trial->model.p = 2;
    trial->model.transforms = {haar, matrix};
  }
  CHECK(identity(x) == identity(y));
  b.write("L.csv", "1,0\n0,2\n");
  CHECK(identity(x) != identity(y));
}
