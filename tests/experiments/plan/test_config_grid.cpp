// Laws of expansion: what grid, zip, when, exclude, include, sample, seeds and the command line come to.
#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <set>

#include "tests/experiments/config/config_fixture.hpp"

#include "experiments/config/value.hpp"
#include "experiments/plan/grid.hpp"
#include "experiments/plan/plan_file.hpp"
#include "experiments/plan/plan_reader.hpp"
#include "experiments/plan/study_plan.hpp"

using namespace tubal;
using namespace tubal::test;

static std::vector<std::string> labels(const StudyPlan& plan) {
  std::vector<std::string> out;
  for (const Trial& t : plan.trials) out.push_back(t.label);
  return out;
}
using Names = std::vector<std::string>;

TEST_CASE("without a sweep there is one cell, and seeds fill it", "[config]") {
  const GridFolder folder;
  const StudyPlan plan = folder.load(synthetic + "seeds: {first: 5, count: 3}\n");
  REQUIRE(plan.trials.size() == 3);
  CHECK(plan.study == "grid");
  CHECK(plan.trials[0].label.empty());
  CHECK(plan.trials[0].config.seed == 5);
  CHECK(plan.trials[2].config.seed == 7);
  CHECK(folder.load(synthetic + "seeds: [9, 2]\n").seeds == std::vector<std::uint64_t>{9, 2});
  CHECK(folder.load(synthetic + "seeds: [9, 2]\n", {{"seeds.count=4"}, {}, {}}).seeds ==
        std::vector<std::uint64_t>{0, 1, 2, 3});
}

TEST_CASE("p = 1 makes the transform irrelevant: its cells fall together, and the reason is told",
          "[config]") {
  const GridFolder folder;
  const StudyPlan plan = folder.load(synthetic +
                                     "sweep: {grid: {model.p: [1, 4], model.transform: [dct, haar, "
                                     "identity]}}\nseeds: [0, 1]\nbaseline: {model.p: 1}\n");
  CHECK(labels(plan) == Names{"p=1", "p=1", "p=4 transform=dct", "p=4 transform=dct", "p=4 transform=haar",
                              "p=4 transform=haar", "p=4 transform=identity", "p=4 transform=identity"});
  REQUIRE(plan.dropped.size() == 1);
  CHECK(plan.dropped[0].count == 4);
  CHECK_THAT(plan.dropped[0].reason, Catch::Contains("model.transform has no effect with model.p 1"));
  CHECK(plan.axes == Names{"model.p", "model.transform"});
  CHECK(plan.trials[0].cells.size() == 3);
  CHECK(plan.trials[0].baseline);
  CHECK_FALSE(plan.trials[2].baseline);
  CHECK(plan.trials[2].cells ==
        std::vector<Values>{{{"model.p", std::int64_t{4}}, {"model.transform", std::string("dct")}}});
  std::set<std::string> ids;
  for (const Trial& t : plan.trials) {
    ids.insert(t.id);
    CHECK(t.id == t.sha256.substr(0, 12));
  }
  CHECK(ids.size() == plan.trials.size());
}

TEST_CASE("zip walks its lists together, two zips and a grid multiply", "[config]") {
  const GridFolder folder;
  const std::string zip =
      "zip: {size: {model.width: [64, 128], model.heads: [4, 8]}, length: {training.epochs: [1, 2]}}";
  const StudyPlan plan = folder.load(synthetic + "sweep: {grid: {model.depth: [1, 2, 3]}, " + zip + "}\n");
  CHECK(plan.trials.size() == 12);
  for (const Trial& t : plan.trials) CHECK(t.config.model.heads * 16 == t.config.model.width);
}

TEST_CASE("exclude, include and several blocks", "[config]") {
  const GridFolder folder;
  const StudyPlan plan = folder.load(synthetic +
                                     "sweep:\n  grid: {model.p: [1, 2, 4], model.transform: [dct, haar]}\n"
                                     "  exclude: [{model.p: [2, 4], model.transform: haar}]\n  include: "
                                     "[{model.p: 4, model.transform: dft}, {model: {p: 2, depth: 1}}]\n");
  CHECK(labels(plan) == Names{"p=1", "p=2 transform=dct", "p=4 transform=dct", "p=4 transform=dft",
                              "p=2 transform=dct depth=1"});
  const StudyPlan blocks = folder.load(synthetic +
                                       "sweep:\n  - {set: {model.width: 128}, grid: {model.p: [1, 4]}}\n  - "
                                       "{set: {model.width: 256}, grid: {model.p: [2]}}\n");
  CHECK(labels(blocks) == Names{"width=128 p=1", "width=128 p=4", "width=256 p=2"});
  const StudyPlan idle = folder.load(
      synthetic + "sweep: {grid: {model.p: [1, 4]}, exclude: [{model.p: 2}]}\nseeds: {count: 6}\n");
  REQUIRE(idle.warnings.size() == 1);
  CHECK_THAT(idle.warnings[0], Catch::Contains("excludes nothing") && Catch::Contains("grid.yaml:2"));
}

TEST_CASE("when adds axes to the cells that meet a condition", "[config]") {
  const GridFolder folder;
  const StudyPlan plan = folder.load(
      synthetic +
      "sweep:\n  grid: {model.transform: [dct, learned_orthogonal]}\n"
      "  when: [{if: {model.transform: learned_orthogonal}, grid: {model.transform.init: [dct, haar]}}]\n");
  CHECK(labels(plan) == Names{"transform=dct", "transform=learned_orthogonal init=dct",
                              "transform=learned_orthogonal init=haar"});
}

TEST_CASE("a label names no heads where nothing has heads", "[config]") {
  const GridFolder folder;
  for (const std::string heads : {"model.heads", "model.heads_per_slice"}) {
    const StudyPlan plan = folder.load(synthetic + "sweep:\n  - grid: {" + heads +
                                       ": [4, 8]}\n  - set: {model.kind: bag_of_words}\n" +
                                       "  - grid: {model.stack: [[feed_forward]]}\n");
    REQUIRE(plan.trials.size() == 4);
    for (const Trial& t : plan.trials) {
      const bool attends = t.config.model.kind != ModelKind::bag_of_words &&
                           t.config.model.stack.size() == ModelConfig{}.stack.size();
      CAPTURE(t.label);
      CHECK((t.label.find("heads") != std::string::npos) == attends);
    }
  }
}

TEST_CASE("an axis may take maps", "[config]") {
  const GridFolder folder;
  const StudyPlan plan = folder.load(synthetic +
                                     "sweep: {grid: {model.transform: [dct, {name: learned_orthogonal, init: "
                                     "haar, parametrization: exponential}]}}\n");
  REQUIRE(plan.trials.size() == 2);
  CHECK(plan.trials[1].config.model.transform.init == "haar");
  CHECK(plan.trials[1].config.model.transform.parametrization == "exponential");
}

TEST_CASE("sample draws without repetition, in order, the same for one seed", "[config]") {
  const GridFolder folder;
  const auto draw = [&](const std::string& sample) {
    return labels(folder.load(
        synthetic +
        "sweep: {grid: {training.epochs: [1,2,3,4,5,6,7,8,9,10], model.depth: [1,2,3]}, sample: " + sample +
        "}\n"));
  };
  const Names all = draw("{count: 30}"), some = draw("{count: 7, seed: 1}");
  CHECK(all.size() == 30);
  CHECK(some.size() == 7);
  CHECK(some == draw("{count: 7, seed: 1}"));
  CHECK(some != draw("{count: 7, seed: 2}"));
  CHECK(std::set<std::string>(some.begin(), some.end()).size() == 7);
  CHECK(std::is_sorted(some.begin(), some.end(), [&](const auto& a, const auto& b) {
    return std::find(all.begin(), all.end(), a) < std::find(all.begin(), all.end(), b);
  }));
}

TEST_CASE("points listed twice are dropped and counted", "[config]") {
  const GridFolder folder;
  const StudyPlan plan =
      folder.load(synthetic + "sweep: {grid: {model.p: [4, 2, 4]}, include: [{model.p: 2}]}\n");
  CHECK(plan.trials.size() == 2);
  REQUIRE(plan.dropped.size() == 1);
  CHECK(plan.dropped[0].count == 2);
  CHECK_THAT(plan.dropped[0].reason, Catch::Contains("more than once"));
}

TEST_CASE("an axis of --sweep is added, or takes the place of the file's", "[config]") {
  const GridFolder folder;
  const std::string text = synthetic + "sweep: {grid: {model.p: [1, 4]}}\n";
  CHECK(labels(folder.load(text, {{}, {"model.depth=1,2"}, {}})) ==
        Names{"p=1 depth=1", "p=1 depth=2", "p=4 depth=1", "p=4 depth=2"});
  CHECK(labels(folder.load(text, {{}, {"model.p=2,4"}, {}})) == Names{"p=2", "p=4"});
}

TEST_CASE("what --set gives is literal after the first = and typed by the schema", "[config]") {
  const GridFolder folder;
  const auto csv = [&](const std::string& set) {
    return folder.load("data: {name: csv, train: a.csv, test: b.csv}\n", {{set}, {}, {}}).trials[0].config;
  };
  for (const std::string value : {"a=b", "a: b, c", "\"quoted\"", "'x'", " spaced ", "# no comment", "[1, 2]",
                                  "{a: 1}", "010", "true", "~", "h\xc3\xa9"})
    CHECK(csv("data.text=" + value).data.text == value);
  CHECK(csv("training.optimizer.learning_rate=3e-4").training.optimizer.learning_rate == 3e-4);
  CHECK(csv("training.optimizer.betas=0.8,0.99").training.optimizer.beta1 == 0.8);
  CHECK(csv("training.optimizer.betas=[0.8, 0.99]").training.optimizer.beta2 == 0.99);
  CHECK(csv("model.attention_bias=false").model.attention_bias == false);
}

TEST_CASE("a grid builds on another file, and its paths keep their meaning", "[config]") {
  const GridFolder folder;
  folder.write("common/base.yaml",
               "study: base\ndata: {name: imdb, path: texts}\nmodel: {width: 64, heads: 8}\nsweep: {grid: "
               "{model.p: [1, 2]}}\n");
  const StudyPlan plan = folder.load("base: common/base.yaml\nmodel: {heads_per_slice: 2}\n");
  CHECK(plan.study == "grid");
  REQUIRE(plan.trials.size() == 2);
  const TrialConfig& c = plan.trials[1].config;
  CHECK(c.model.width == 64);
  CHECK(c.model.heads == 4);
  CHECK(c.model.p == 2);
  CHECK(c.data.path == "common/texts");
  CHECK(resolve(c.data, c.data.path) == (folder.path / "common/texts").string());
  CHECK_THAT(folder.fault("base: common/base.yaml\nmodel: {p: 3}\nsweep: {}\n"),
             Catch::StartsWith("grid.yaml:2: model.p: p = 3 does not divide width = 64"));
  folder.write("common/bad.yaml", "model:\n  widht: 3\n");
  CHECK_THAT(folder.fault("base: common/bad.yaml\n"), Catch::StartsWith("common/bad.yaml:2: model.widht"));
}

TEST_CASE("below six seeds there is a warning where cells are compared", "[config]") {
  const GridFolder folder;
  const std::string grid = synthetic + "sweep: {grid: {model.p: [1, 4]}}\n";
  REQUIRE(folder.load(grid + "seeds: {count: 5}\n").warnings.size() == 1);
  CHECK_THAT(folder.load(grid + "seeds: {count: 5}\n").warnings[0], Catch::Contains("0.0625"));
  CHECK(folder.load(grid + "seeds: {count: 6}\n").warnings.empty());
  CHECK(folder.load(synthetic).warnings.empty());
}

TEST_CASE("a frequency scaling by 1 on every slice is told") {
  const auto warned = [](const std::string& scaling, const std::string& p = "4") {
    const GridFolder folder;
    return folder
        .load(synthetic + "seeds: {count: 6}\nmodel: {width: 16, heads: 4, p: " + p +
              ", frequency_scaling: {" + scaling + "}}\n")
        .warnings;
  };
  for (const std::string at : {"position", "input", "residual", "output", "learning_rate"}) {
    INFO(at);
    for (const char* idle :
         {"kind: power", "kind: decay", "kind: decay, alpha: 0", "kind: values, values: [1, 1, 1, 1]"}) {
      const auto told = warned("at: " + at + ", " + idle);
      REQUIRE(told.size() == 1);
      CHECK_THAT(told[0], Catch::Contains("scales nothing") && Catch::Contains("6 trials"));
    }
    for (const char* acts : {"kind: none", "kind: power, alpha: 0.5", "kind: decay, alpha: -1",
                             "kind: harmonic", "kind: learned", "kind: values, values: [1, 1, 1, 2]"})
      if (at != "learning_rate" || std::string(acts) != "kind: learned")
        CHECK(warned("at: " + at + ", " + acts).empty());
  }
  CHECK(warned("kind: power", "1").empty());  // no slices: it has no effect, and is no name of its own
}

TEST_CASE("the grids of the repository plan", "[config]") {
  for (const char* name :
       {"quickstart", "imdb", "imdb-transforms", "ag_news", "shakespeare", "imdb-language"}) {
    INFO(name);
    const StudyPlan plan = load_grid(std::string(TUBAL_SOURCE "/experiments/grids/") + name + ".yaml");
    CHECK(plan.study == name);
    CHECK(plan.trials.size() >= 2);
    CHECK(std::any_of(plan.trials.begin(), plan.trials.end(), [](const Trial& t) { return t.baseline; }));
  }
}

TEST_CASE("ten thousand trials plan in well under ten seconds, and are read back", "[config]") {
  const GridFolder folder;
  const auto start = std::chrono::steady_clock::now();
  const StudyPlan plan =
      folder.load(synthetic +
                  "sweep: {grid: {model.p: [2, 4], model.transform: [dct, haar, dft, hartley, identity],"
                  " model.dropout: [0, 0.1, 0.2, 0.3], training.epochs: [1, 2, 3, 4, 5], "
                  "training.batch_size: [16, 32, 48, 64, 80]}}\n"
                  "seeds: {count: 10}\n");
  REQUIRE(plan.trials.size() == 10000);
  const StudyPlan again = read_plan(folder.write("plan.yaml", write_plan(plan)));
  REQUIRE(again.trials.size() == 10000);
  CHECK(again.trials.back().config == plan.trials.back().config);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  WARN("planned, written and read back in " << seconds.count() << " s");  // told, never a gate
}

TEST_CASE("the README's grids come to as many trials as they say", "[config]") {
  const GridFolder folder;
  std::ifstream in(TUBAL_SOURCE "/experiments/README.md");
  std::string line, block;
  int blocks = 0;
  bool inside = false;
  while (std::getline(in, line)) {
    if (line == "```yaml" && !inside) {
      inside = true;
      block.clear();
    } else if (line == "```" && inside) {
      inside = false;
      ++blocks;
      INFO(block);
      CHECK(folder.load(block).trials.size() == std::stoul(block.substr(2)));
    } else if (inside) {
      block += line + "\n";
    }
  }
  CHECK(blocks >= 3);
}
