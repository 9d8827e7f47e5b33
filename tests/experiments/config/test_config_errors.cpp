// Every kind of bad configuration ends in a UsageError that names file, line and key and
// says what would be right.
#include <catch2/catch.hpp>

#include "tests/experiments/config/config_fixture.hpp"

using namespace tubal;
using namespace tubal::test;

namespace {
struct Case {
  const char* what;
  std::string text;
  std::vector<std::string> says;
};
}  // namespace

TEST_CASE("a bad grid file is refused with place, finding and remedy", "[config]") {
  const GridFolder folder;
  const std::string s = synthetic;
  const std::vector<Case> cases = {
      {"empty file", "", {"grid.yaml: ", "empty"}},
      {"only comments", "# nothing\n", {"empty"}},
      {"a list", "- 1\n", {"grid.yaml:1: found a list of 1", "key: value"}},
      {"a scalar", "hello\n", {"found `hello`"}},
      {"broken syntax", "model: {p: [1, 2\n", {"grid.yaml:", "not valid YAML"}},
      {"second document", "study: a\n---\nstudy: b\n", {"grid.yaml:3", "second YAML document"}},
      {"tab", "model:\n\tp: 4\n", {"grid.yaml:2: ", "tab", "spaces"}},
      {"not UTF-8", "study: a\n# caf\xe9\n", {"grid.yaml:2: ", "UTF-8"}},
      {"overlong UTF-8", "study: \xc0\xaf\n", {"grid.yaml:1: ", "UTF-8"}},
      {"tag", "model: {p: !!int 4}\n", {"grid.yaml:1: ", "tag"}},
      {"merge key", "model: &m {p: 4}\ndata:\n  <<: *m\n", {"<<", "base: other.yaml"}},
      {"unknown section", "modle: {p: 4}\n", {"grid.yaml:1: modle", "unknown key", "`model`"}},
      {"unknown key",
       s + "model:\n  widht: 128\n",
       {"grid.yaml:3: model.widht: unknown key", "did you mean `model.width`?", "allowed here"}},
      {"right key, wrong section",
       "model:\n  learning_rate: 0.1\n",
       {"model.learning_rate", "`training.optimizer.learning_rate`"}},
      {"seed alone", "seed: 3\n", {"grid.yaml:1: seed", "seeds: {first: 0, count: 6}"}},
      {"duplicate key", "model:\n  p: 4\n  p: 2\n", {"grid.yaml:3: p: ", "twice", "line 2"}},
      {"duplicate section",
       "model: {p: 4}\ndata: {name: synthetic}\nmodel: {width: 64}\n",
       {"grid.yaml:3: model", "line 1"}},
      {"the same key in two spellings",
       "model: {p: 4}\nmodel.p: 2\n",
       {"grid.yaml:2: model.p", "twice, first in line 1"}},
      {"text for a number",
       "model: {p: four}\n",
       {"grid.yaml:1: model.p: found `four`, needs an integer, 1"}},
      {"fraction for an integer", "model: {p: 4.5}\n", {"found `4.5`, needs an integer"}},
      {"4.0 for an integer", "model: {p: 4.0}\n", {"found `4.0`, needs an integer"}},
      {"quoted number", "model: {p: \"4\"}\n", {"found the text \"4\"", "quotes"}},
      {"leading zero", "model: {p: 010}\n", {"found `010`", "leading zero"}},
      {"leading zero in a number", "training: {optimizer: {learning_rate: 00.1}}\n", {"leading zero"}},
      {"hexadecimal", "model: {p: 0x10}\n", {"found `0x10`"}},
      {"too large for an integer", "model: {width: 99999999999999999999}\n", {"too large"}},
      {"infinite", "training: {optimizer: {learning_rate: 1e999}}\n", {"too large"}},
      {"not a number", "training: {optimizer: {learning_rate: .nan}}\n", {"needs a number above 0"}},
      {"numbers that training does not know",
       s + "runtime: {threads: 1, precision: double}\n",
       {"grid.yaml:2: runtime.precision: found `double`", "float, bf16"}},
      {"below the range", "model: {p: 0}\n", {"found `0`, needs an integer, 1"}},
      {"at an open end", "model: {dropout: 1}\n", {"model.dropout: found `1`, needs a number in [0, 1)"}},
      {"negative seed", "seeds: {first: -1}\n", {"seeds.first", "0 or more"}},
      {"yes for true", "model: {attention_bias: yes}\n", {"found `yes`, needs true or false"}},
      {"nothing for a value", "model: {p: }\n", {"found nothing, needs an integer"}},
      {"nothing for a section", "model:\n", {"model: found nothing, needs a map"}},
      {"list for a value", "model: {p: [1, 2]}\n", {"found a list of 2", "sweep: grid:"}},
      {"map for a value", "model: {p: {a: 1}}\n", {"model.p: found a map"}},
      {"one beta", "training: {optimizer: {betas: [0.9]}}\n", {"betas", "list of two numbers"}},
      {"text in a list", "training: {optimizer: {betas: [0.9, x]}}\n", {"found `x` in the list"}},
      {"unknown sub-layer",
       s + "model:\n  stack: [attention, feedforward]\n",
       {"grid.yaml:3: model.stack: found `feedforward` in the list", "attention, feed_forward, mixer",
        "did you mean `feed_forward`?"}},
      {"empty stack",
       s + "model: {stack: []}\n",
       {"grid.yaml:2: model.stack: found an empty list", "one or more of attention"}},
      {"a stack that is no list",
       s + "model: {stack: attention}\n",
       {"grid.yaml:2: model.stack: found `attention`", "write it as [attention, feed_forward]"}},
      {"a stack of stacks",
       s + "model: {stack: [[mixer]]}\n",
       {"model.stack: found a list of 1 in the list"}},
      {"odd heads with rotary",
       s + "model:\n  width: 36\n  heads_per_slice: 3\n  position: rotary\n",
       {"grid.yaml:5: model.position.kind", "heads are 3 wide", "no even head"}},
      {"odd heads with rotary that could be even",
       s + "model: {width: 48, heads_per_slice: 4, position: rotary}\n",
       {"grid.yaml:2: model.position.kind", "heads are 3 wide", "heads_per_slice one of 1, 2, 3, 6"}},
      {"rotary without attention",
       s + "model: {stack: [feed_forward], position: rotary}\n",
       {"grid.yaml:2: model.position.kind", "no attention", "none"}},
      {"mixer on complex spectral slices",
       s + "model:\n  transform: dft\n  norm_domain: spectral\n  stack: [mixer, attention]\n",
       {"grid.yaml:5: model.stack", "real and complex", "norm_domain: original"}},
      {"rank above the slice width",
       s + "model: {width: 32, rank: 9}\n",
       {"grid.yaml:2: model.rank: rank 9 is above the slice width 8"}},
      {"negative rank", s + "model: {rank: -1}\n", {"model.rank: found `-1`, needs an integer, 0 or more"}},
      {"no transform", s + "model: {transform: []}\n", {"grid.yaml:2: model.transform: found an empty list"}},
      {"a list of transforms with spectral norms",
       s + "model:\n  norm_domain: spectral\n  transform: [dct, haar]\n",
       {"grid.yaml:4: model.transform", "norm_domain `original`"}},
      {"two learned transforms with spectral norms",
       s + "model: {norm_domain: spectral, transform: [learned_orthogonal, learned_orthogonal]}\n",
       {"grid.yaml:2: model.transform", "norm_domain `original`"}},
      {"an unknown transform in a list",
       s + "model: {transform: [dct, harr]}\n",
       {"grid.yaml:2: model.transform", "`harr` is no transform", "`haar`"}},
      {"an unknown field in a list",
       s + "model: {transform: [dct, {name: permutation, sead: 3}]}\n",
       {"grid.yaml:2: model.transform: entry 1 of the list", "`sead`", "did you mean `seed`?"}},
      {"a bad field in a list",
       s + "model: {transform: [dct, {name: permutation, seed: x}]}\n",
       {"entry 1 of the list: seed: found `x`, needs an integer"}},
      {"a list in a list of transforms",
       s + "model: {transform: [dct, [haar]]}\n",
       {"entry 1 of the list: found a list of 1"}},
      {"a transform without a name",
       s + "model: {transform: [{seed: 3}]}\n",
       {"entry 0 of the list: found a map without a name"}},
      {"a p that one of the list refuses",
       s + "model: {width: 96, p: 6, heads: 6, transform: [dct, hadamard]}\n",
       {"grid.yaml:2: model.transform: entry 1 of the list"}},
      {"a matrix without its file in a list",
       s + "model: {transform: [dct, {name: matrix, file: none.npy}]}\n",
       {"grid.yaml:2: model.transform: there is no file", "none.npy"}},
      {"learned scaling over transforms of unlike slices",
       s + "model:\n  transform: [dft, dct]\n  frequency_scaling: {kind: learned, at: residual}\n",
       {"grid.yaml:4: model.frequency_scaling.kind", "`dft` has 3 slices", "`dct` has 4"}},
      {"scaling of positions that are not there",
       s + "model: {position: none, frequency_scaling: harmonic}\n",
       {"grid.yaml:2: model.frequency_scaling.at", "position.kind is `none`"}},
      {"running text for a classifier",
       "data: {name: text, train: a.txt}\n",
       {"grid.yaml:1: data.name: data set `text` has no labels", "task: language_model"}},
      {"a bag of words as a language model",
       s + "task: language_model\nmodel: {kind: bag_of_words}\n",
       {"grid.yaml:2: task", "model.kind transformer"}},
      {"not a choice",
       "model: {activation: gelo}\n",
       {"model.activation: found `gelo`, needs one of gelu, relu", "did you mean `gelu`?"}},
      {"study that is no folder", "study: a/b\n", {"study: found `a/b`", "letters, digits"}},
      {"heads twice",
       s + "model: {heads: 4, heads_per_slice: 1}\n",
       {"model.heads_per_slice", "one of the two"}},
      {"p does not divide width",
       s + "model:\n  width: 126\n  p: 4\n",
       {"grid.yaml:4: model.p: p = 4 does not divide width = 126", "124 or 128"}},
      {"heads do not fit",
       s + "model: {p: 4}\n" + "sweep:\n  grid:\n    model.heads: [4, 6]\n",
       {"grid.yaml:5: model.heads: 6 heads", "(1 of 2 cells)"}},
      {"unknown transform",
       s + "model:\n  transform: dctt\n",
       {"grid.yaml:3: model.transform: `dctt` is no transform", "`dct`"}},
      {"p that a transform refuses",
       s + "model: {width: 96, p: 6, heads: 6, transform: hadamard}\n",
       {"grid.yaml:2: model.transform"}},
      {"matrix without a file",
       s + "model: {transform: {name: matrix, file: none.npy}}\n",
       {"grid.yaml:2: model.transform.file: there is no file", "none.npy"}},
      {"csv without files", "data: {name: csv}\n", {"data.train", "data.test"}},
      {"imdb without a folder", "data: {name: imdb}\n", {"data.path", "folder"}},
      {"missing base", "base: other.yaml\n", {"grid.yaml:1: base: there is no file", "other.yaml"}},
      {"base on itself", "base: grid.yaml\n", {"base", "builds on itself"}},
      {"missing plug-in", s + "plugins: [none.so]\n", {"grid.yaml:2: plugins: there is no file", "none.so"}},
      {"plug-ins as a text", s + "plugins: x.so\n", {"plugins: found `x.so`, needs a list"}},
      {"seed twice", s + "seeds: [1, 2, 1]\n", {"grid.yaml:2: seeds: seed 1 stands here twice"}},
      {"seeds as a number", s + "seeds: 3\n", {"seeds: found `3`, needs {first: 0, count: 6}"}},
      {"unknown word in sweep",
       s + "sweep: {gird: {model.p: [1]}}\n",
       {"sweep.gird", "did you mean `grid`?"}},
      {"axis that is no list",
       s + "sweep: {grid: {model.p: 4}}\n",
       {"grid.yaml:2: model.p: found `4`, needs a list"}},
      {"empty axis", s + "sweep: {grid: {model.p: []}}\n", {"model.p: found an empty list"}},
      {"unknown axis", s + "sweep:\n  grid:\n    model.q: [1]\n", {"grid.yaml:4: model.q: unknown key"}},
      {"axis of the study",
       s + "sweep: {grid: {runtime.threads: [1, 2]}}\n",
       {"runtime.threads", "cannot be swept"}},
      {"wrong value in an axis",
       s + "sweep:\n  grid:\n    model.p:\n      - 1\n      - x\n",
       {"grid.yaml:6: model.p: found `x`"}},
      {"two axes of one key",
       s + "sweep: {grid: {model.p: [1, 2]}, zip: {a: {model.p: [1, 2]}}}\n",
       {"model.p", "two axes"}},
      {"zip of two lengths",
       s + "sweep: {zip: {a: {model.p: [1, 2], model.heads: [4]}}}\n",
       {"sweep.zip.a.model.heads", "found 1 values", "2"}},
      {"zip without a name",
       s + "sweep: {zip: {model.p: [1, 2]}}\n",
       {"sweep.zip.model.p", "a name with a map"}},
      {"everything excluded",
       s + "sweep: {grid: {model.p: [4]}, exclude: [{model.p: 4}]}\n",
       {"no cell is left"}},
      {"sample without a count",
       s + "sweep: {grid: {model.p: [1, 4]}, sample: {seed: 1}}\n",
       {"sweep.sample", "count"}},
      {"sample of none",
       s + "sweep: {grid: {model.p: [1, 4]}, sample: {count: 0}}\n",
       {"sweep.sample.count", "1 or more"}},
      {"when without if",
       s + "sweep: {grid: {model.p: [1, 4]}, when: [{grid: {model.depth: [1]}}]}\n",
       {"sweep.when", "if:"}},
      {"too many cells",
       s + "sweep: {grid: {model.depth: [1,2,3,4,5,6,7,8,9,10], model.heads: "
           "[1,2,3,4,5,6,7,8,9,10], model.p: [1,2,3,4,5,6,7,8,9,10], model.width: "
           "[1,2,3,4,5,6,7,8,9,10], training.epochs: [1,2,3,4,5,6,7,8,9,10], training.batch_size: "
           "[1,2,3,4,5,6,7,8,9,10], model.feed_forward: [1,2]}}\n",
       {"more than 1000000 cells"}},
      {"baseline of two values", s + "baseline: {model.p: [1, 2]}\n", {"baseline", "one value for model.p"}},
      {"unknown key in the baseline", s + "baseline: {model.q: 1}\n", {"model.q: unknown key"}},
      {"early stopping without validation",
       "data: {name: synthetic, validation: 0}\ntraining: {early_stopping: {patience: 2}}\n",
       {"grid.yaml:2: training.early_stopping.patience", "validation"}},
      {"asha of one",
       s + "sweep: {early_stop: {asha: {metric: validation_accuracy, eta: 1}}}\n",
       {"sweep.early_stop.asha.eta"}},
  };
  for (const Case& c : cases) {
    const std::string message = folder.fault(c.text);
    INFO(c.what << "\n" << c.text << "\n-> " << message);
    CHECK_FALSE(message.empty());
    for (const std::string& part : c.says) CHECK_THAT(message, Catch::Contains(part));
  }
}

TEST_CASE("a missing grid file, and a folder in its place", "[config]") {
  const GridFolder folder;
  CHECK_THROWS_WITH(load_grid((folder.path / "none.yaml").string()),
                    Catch::Contains("none.yaml: there is no such file"));
  CHECK_THROWS_WITH(load_grid(folder.path.string()), Catch::Contains("this is a folder"));
}

TEST_CASE("a bad command-line value names its option", "[config]") {
  const GridFolder folder;
  CHECK_THAT(folder.fault(synthetic, {{"model.p=x"}, {}, {}}),
             Catch::StartsWith("--set model.p=x: model.p: found `x`"));
  CHECK_THAT(folder.fault(synthetic, {{"model.q=1"}, {}, {}}), Catch::Contains("unknown key"));
  CHECK_THAT(folder.fault(synthetic, {{"model.p"}, {}, {}}), Catch::Contains("needs the form key=value"));
  CHECK_THAT(folder.fault(synthetic, {{"model=3"}, {}, {}}), Catch::Contains("this is a section"));
  CHECK_THAT(folder.fault(synthetic, {{"model.p=\xff"}, {}, {}}), Catch::Contains("UTF-8"));
  CHECK_THAT(folder.fault(synthetic, {{"plugins=a.so"}, {}, {}}), Catch::Contains("--plugin"));
  CHECK_THAT(folder.fault(synthetic, {{}, {"runtime.jobs=1,2"}, {}}), Catch::Contains("cannot be swept"));
  CHECK_THAT(folder.fault(synthetic, {{}, {"model.p=1,"}, {}}), Catch::Contains("found nothing"));
  CHECK_THAT(folder.fault(synthetic, {{}, {"training.optimizer.betas=0.9,0.99"}, {}}),
             Catch::Contains("commas are ambiguous") && Catch::Contains("[0.9, 0.999],"));
  CHECK_THAT(folder.fault(synthetic, {{}, {"model.stack=attention,mixer"}, {}}),
             Catch::Contains("commas are ambiguous"));
  CHECK_THAT(folder.fault(synthetic, {{"model.stack=[attention,"}, {}, {}}), Catch::Contains("model.stack"));
  CHECK_THAT(folder.fault(synthetic, {{"model.transform=[dct"}, {}, {}}),
             Catch::StartsWith("--set model.transform=[dct: model.transform: found `[dct`"));
  CHECK_THAT(folder.fault(synthetic, {{}, {}, {"none.so"}}), Catch::Contains("--plugin none.so"));
}
