// Language models through the trainer: what they learn, what their files say, that being stopped and the
// number of threads change nothing, and the keys that belong to them.
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <numeric>

#include "core/files.hpp"
#include "core/hdf5.hpp"
#include "core/layout_entries.hpp"
#include "experiments/config/identity.hpp"
#include "experiments/config/trial_file.hpp"
#include "experiments/data/batches.hpp"
#include "experiments/plan/plan_file.hpp"
#include "experiments/plan/plan_reader.hpp"
#include "experiments/plan/study_plan.hpp"
#include "experiments/records/history.hpp"
#include "experiments/records/safetensors.hpp"
#include "experiments/records/status.hpp"
#include "experiments/training/baselines.hpp"
#include "experiments/training/stop_request.hpp"
#include "experiments/training/trial.hpp"
#include "tests/experiments/config/config_fixture.hpp"
#include "tests/experiments/data/text_fixture.hpp"

using namespace tubal;
using namespace tubal::test;
using Catch::Matchers::Contains;

namespace {

TrialConfig small(const TemporaryFolder& folder, const char* order = "walk") {
  TrialConfig c;
  c.data = text_data(put(folder, "a.txt", made_text(150)));
  c.data.test_share = 0.1;
  c.data.documents = "line";
  c.model.task = Task::language_model;
  c.model.width = 16;
  c.model.p = 4;
  c.model.heads = 4;
  c.model.depth = 1;
  c.model.feed_forward = 2;
  c.model.norm = NormPlace::pre;
  c.model.transform.name = "dct";
  c.training.steps = 120;
  c.training.evaluate_every = 50;
  c.training.batch_size = 6;
  c.training.optimizer.learning_rate = 1e-2;
  c.training.order = order;
  c.seed = 7;
  return canonical(c);
}

TrialOptions in(const TemporaryFolder& folder, int threads = 1) {
  TrialOptions options;
  options.cache = folder / "cache";
  options.runtime.threads = threads;
  return options;
}

// Everything of a finished trial that may not depend on threads or on how often it was stopped.
std::map<std::string, std::vector<double>> outcome(const fs::path& root) {
  const hdf5::Reader file(root / "trial.h5");
  std::map<std::string, std::vector<double>> all;
  for (const layout::Entry& e : layout::trial_entries) {
    const std::string path = e.path;
    if (e.type == 's' || !file.has(path) || path.find("seconds") != path.npos ||
        path.find("per_second") != path.npos)
      continue;
    for (double x : all[path] = file.read<double>(path))
      REQUIRE((std::isfinite(x) || !path.starts_with("/metrics") || path.find("test") != path.npos));
    for (double& x : all[path])
      if (std::isnan(x)) x = -12345;  // equal to itself
  }
  const std::string text = read_file(root / "model.safetensors");  // its metadata name the folder
  std::size_t head = 0;
  for (std::size_t i = 8; i-- > 0;) head = head << 8 | static_cast<unsigned char>(text[i]);
  for (const char c : text.substr(8 + head)) all["parameters"].push_back(c);
  return all;
}

}  // namespace

TEST_CASE("a language model learns, and its files say how well in nats and bits per byte", "[text]") {
  const TemporaryFolder folder;
  for (const bool across : {true, false}) {
    TrialConfig config = small(folder);
    config.data.cross_documents = across;
    const fs::path root = folder / (across ? "across" : "apart");
    const ExitStatus end = run_trial(root, config, in(folder));
    INFO(read_status(root).cause);
    REQUIRE(end == ExitStatus::done);
    const TrialStatus s = read_status(root);
    CHECK(s.state == TrialState::complete);
    CHECK(s.epochs == 3);  // evaluations after 50, 100 and 120 steps
    CHECK(s.steps == 120);
    CHECK(std::isnan(s.test_accuracy));
    CHECK(std::isnan(s.validation_accuracy));
    const Dataset data = load_dataset(config.data, folder / "cache");
    CHECK(s.flops > 0);
    for (const auto& [loss, bits, part] :
         {std::tuple{s.validation_loss, s.validation_bits_per_byte, &data.validation},
          {s.test_loss, s.test_bits_per_byte, &data.test}})
      CHECK(bits * std::log(2.) * static_cast<double>(part->bytes) ==
            Approx(loss * static_cast<double>(part->tokens.size() - 1)));

    const hdf5::Reader file(root / "trial.h5");
    CHECK(file.attribute("/", "task") == "language_model");
    CHECK_FALSE(file.has("/metrics/evaluation/validation_accuracy"));
    CHECK_FALSE(file.has("/test/prediction"));
    CHECK(file.read<double>("/metrics/evaluation/step") == std::vector<double>{50, 100, 120});
    CHECK(file.read<double>("/metrics/evaluation/epoch") == std::vector<double>{1, 2, 3});
    const auto validation = file.read<double>("/metrics/evaluation/validation_loss");
    CHECK(validation[static_cast<std::size_t>(s.best_epoch) - 1] ==
          *std::min_element(validation.begin(), validation.end()));
    CHECK(file.read<double>("/metrics/train/loss").size() == 120);
    CHECK(file.has("/spectrum/energy"));
    CHECK_THAT(read_file(root / "log.txt"),
               Contains("bits per byte") && Contains("perplexity") && !Contains("accuracy"));

    const auto names = file.read_strings("/baselines/name");
    CHECK(names.front() == "unigram");
    CHECK(file.read<double>("/baselines/test_bits_per_byte").size() == names.size());
    const Baselines baselines = baseline_scores(data, config.data, folder / "cache");  // as they were kept
    CHECK(file.read<double>("/baselines/validation_loss") == baselines.validation_loss);
    CHECK(s.validation_loss < baselines.validation_loss.front());  // better than the unigram

    // The loss over the whole part, by the parameters as they are on disk, a token at a time.
    Model<float> model(config.model, data.vocabulary.size, 1, 0, 1);
    auto parameters = model.parameters(false);
    read_safetensors(root / "model.safetensors", parameters);
    const Windows windows(data.test, config.data.max_length, across);
    std::vector<std::size_t> all(windows.count());
    std::iota(all.begin(), all.end(), 0);
    const std::vector<double> losses = model.losses(windows.numbered(all));
    CHECK(std::accumulate(losses.begin(), losses.end(), 0.) / static_cast<double>(losses.size()) ==
          Approx(s.test_loss).epsilon(1e-6));
  }
}

TEST_CASE("a language model that is stopped goes on to the same bits, in either order, on any threads",
          "[text]") {
  const TemporaryFolder folder;
  for (const char* order : {"walk", "random"}) {
    INFO(order);
    const TrialConfig config = small(folder, order);
    const std::string name = order;
    REQUIRE(run_trial(folder / (name + "-whole"), config, in(folder)) == ExitStatus::done);
    const auto whole = outcome(folder / (name + "-whole"));
    CHECK(whole.at("/metrics/evaluation/validation_bits_per_byte").size() == 3);
    REQUIRE(run_trial(folder / (name + "-threads"), config, in(folder, 3)) == ExitStatus::done);
    CHECK(outcome(folder / (name + "-threads")) == whole);
    for (const auto& [phase, step] : {std::pair{"training", 1},
                                      {"training", 49},
                                      {"training", 50},
                                      {"training", 77},
                                      {"validation", 100},
                                      {"validation", 120}}) {
      INFO(phase << " at step " << step);
      const fs::path root = folder / (name + phase + std::to_string(step));
      TrialOptions options = in(folder);
      options.progress = [phase = std::string(phase), step = step](const Progress& p) {
        if (p.phase == phase && p.step == step) request_stop();
      };
      CHECK(run_trial(root, config, options) == ExitStatus::interrupted);
      clear_stop_request();
      CHECK(read_status(root).state == TrialState::interrupted);
      REQUIRE(run_trial(root, config, in(folder)) == ExitStatus::done);
      CHECK(outcome(root) == whole);
    }
  }
}

TEST_CASE("a part's loss depends neither on the batch size of training nor on who asks", "[text]") {
  const TemporaryFolder folder;
  TrialConfig config = small(folder);
  config.training.steps = 2;
  config.training.evaluate_every = 1;
  config.training.optimizer.learning_rate = 1e-30;  // the model stays as it starts
  std::vector<double> losses;
  for (const int size : {1, 6, 11}) {
    config.training.batch_size = size;
    const fs::path root = folder / std::to_string(size);
    REQUIRE(run_trial(root, config, in(folder, size == 6 ? 2 : 1)) == ExitStatus::done);
    losses.push_back(read_status(root).validation_loss);
  }
  CHECK(losses[0] == losses[1]);
  CHECK(losses[0] == losses[2]);
}

TEST_CASE("a language model stops early by its own metrics", "[text]") {
  const TemporaryFolder folder;
  for (const char* metric : {"validation_loss", "validation_bits_per_byte"}) {
    TrialConfig config = small(folder);
    config.training.steps = 400;
    config.training.evaluate_every = 5;
    config.training.schedule.kind = "constant";
    config.training.optimizer.learning_rate = 0.1;
    config.training.early_stopping = {metric, 2};
    REQUIRE(run_trial(folder / metric, config, in(folder)) == ExitStatus::done);
    const TrialStatus s = read_status(folder / metric);
    CHECK(s.epoch < 80);
    CHECK(s.epoch == s.best_epoch + 2);
    CHECK_THAT(s.cause, Contains(metric));
  }
  TrialOptions options = in(folder);
  double bits = 0;
  options.keep_going = [&](int epoch, const Scores& v) {
    bits = v.bits_per_byte;
    return std::isnan(v.accuracy) && std::isfinite(v.loss) && epoch < 2;
  };
  REQUIRE(run_trial(folder / "asha", small(folder), options) == ExitStatus::done);
  CHECK(read_status(folder / "asha").state == TrialState::stopped);
  CHECK(read_status(folder / "asha").validation_bits_per_byte <= bits);
}

TEST_CASE("without a test part nothing is tested, and that is all", "[text]") {
  const TemporaryFolder folder;
  TrialConfig config = small(folder);
  config.data.test_share = 0;
  config.data.documents = "stream";
  REQUIRE(run_trial(folder / "trial", canonical(config), in(folder)) == ExitStatus::done);
  const TrialStatus s = read_status(folder / "trial");
  CHECK(s.state == TrialState::complete);
  CHECK(std::isnan(s.test_loss));
  CHECK(std::isnan(s.test_bits_per_byte));
  CHECK(std::isfinite(s.validation_bits_per_byte));
}

TEST_CASE("a classifier may count steps too", "[text]") {
  const TemporaryFolder folder;
  TrialConfig config;
  config.data.name = "synthetic";
  config.data.synthetic.train = 200;
  config.data.synthetic.test = 50;
  config.model.width = 8;
  config.model.p = 1;
  config.model.depth = 1;
  config.data.max_length = 16;
  config.training.steps = 25;
  config.training.evaluate_every = 10;
  config.training.batch_size = 16;
  REQUIRE(run_trial(folder / "trial", canonical(config), in(folder)) == ExitStatus::done);
  const TrialStatus s = read_status(folder / "trial");
  CHECK(s.steps == 25);
  CHECK(s.epoch == 3);
  CHECK(std::isfinite(s.test_accuracy));
  CHECK(std::isnan(s.test_bits_per_byte));
  const hdf5::Reader file(folder / "trial" / "trial.h5");
  CHECK(file.attribute("/", "task") == "classification");
  CHECK_FALSE(file.has("/metrics/evaluation/validation_bits_per_byte"));
}

TEST_CASE("journals from before bits per byte are read", "[text]") {
  EvaluationPoint e;
  e.epoch = 2;
  e.validation_loss = 0.5;
  std::string line = to_record(e);
  const std::string key = "\"validation_bits_per_byte\":null,";
  REQUIRE(line.find(key) != line.npos);
  line.erase(line.find(key), key.size());
  TrialRecord record;
  take_record(line, record);
  CHECK(record.evaluations.at(0).validation_loss == 0.5);
  CHECK(std::isnan(record.evaluations.at(0).validation_bits_per_byte));
}

TEST_CASE("keys of language models: read, told apart where they matter, and refused where they do not fit",
          "[text][config]") {
  const GridFolder folder;
  const std::string text = "task: language_model\ndata: {name: text, train: a.txt, tokenizer: char}\n",
                    tiny = "model: {width: 16, p: 1}\n";
  const auto id = [&](const std::string& more, const std::string& base = "") {
    return folder.load((base.empty() ? text : base) + tiny + more).trials.at(0).sha256;
  };
  const StudyPlan plan =
      folder.load(text + tiny + "training: {steps: 100, evaluate_every: 20, order: random}\n");
  const TrialConfig& c = plan.trials.at(0).config;
  CHECK(c.data.language);
  CHECK(c.training.steps == 100);
  CHECK(c.training.early_stopping.metric == "validation_loss");
  CHECK(parse_trial(write_trial(c), "config.yaml") == c);  // and back
  const StudyPlan again = read_plan(folder.write("plan.yaml", write_plan(plan)));
  CHECK(again.trials.at(0).config == c);
  CHECK(again.trials.at(0).sha256 == plan.trials.at(0).sha256);
  const auto with = [&](const std::string& data) {
    return "task: language_model\ndata: {name: text, tokenizer: char, " + data + "}\n";
  };
  const TrialConfig files =
      folder.load(with("train: [a.txt, b.txt], validation: c.txt, test: 0.05") + tiny).trials.at(0).config;
  CHECK(files.data.train_list == std::vector<std::string>{"a.txt", "b.txt"});
  CHECK(files.data.validation_file == "c.txt");
  CHECK(files.data.test_share == 0.05);
  CHECK(parse_trial(write_trial(files), "config.yaml") == files);
  CHECK(train_files(files.data).at(1) == (folder.path / "b.txt").string());
  CHECK(folder.load(with("train: a.txt, test: none") + tiny).trials.at(0).sha256 == id(""));
  // A base file in another folder: every path keeps its meaning.
  folder.write("deep/base.yaml", with("train: [x.txt, ../y.txt], validation: z.txt") + tiny);
  CHECK(train_files(folder.load("base: deep/base.yaml\n").trials.at(0).config.data) ==
        std::vector<std::string>{(folder.path / "deep/x.txt").string(), (folder.path / "y.txt").string()});

  // What matters makes another trial, what does not makes none.
  const std::string same = id("");
  for (const char* idle : {"--set data.cross_documents=false", "--set data.truncation=tail",
                           "--set data.split_seed=4", "--set data.label=x", "--set model.pooling=cls"})
    CHECK(folder.load(text + tiny, {{std::string(idle).substr(6)}, {}, {}}).trials.at(0).sha256 == same);
  for (const char* told :
       {"data.documents=line", "data.tokenizer.kind=word", "data.max_length=64", "training.steps=10",
        "training.order=random", "training.evaluate_every=3", "data.validation=0.2", "data.test=0.1",
        "data.test=t.txt", "data.validation=v.txt", "data.train=[a.txt, b.txt]"})
    CHECK(folder.load(text + tiny, {{told}, {}, {}}).trials.at(0).sha256 != same);
  CHECK(folder.load(text + tiny + "training: {steps: 100}\n", {{"training.epochs=3"}, {}, {}})
            .trials.at(0)
            .config.training.steps == 0);
  CHECK(id("training: {steps: 100}\n") ==
        id("training: {steps: 100, early_stopping: {metric: validation_loss}}\n"));

  const auto fault = [&](const std::string& grid) { return folder.fault(grid); };
  CHECK_THAT(fault("data: {name: text, train: a.txt}\n"),
             Contains("grid.yaml:1: data.name") && Contains("no labels") && Contains("task: language_model"));
  CHECK_THAT(fault("task: language_model\ndata: {name: text}\n" + tiny),
             Contains("grid.yaml:2: data.train") && Contains("book.txt"));
  for (const char* share : {"1", "-0.1", "1.5", "01"})
    CHECK_THAT(fault(with(std::string("train: a.txt, validation: ") + share) + tiny),
               Contains("grid.yaml:2: data.validation") && Contains("[0, 1)"));
  CHECK_THAT(fault(with("train: a.txt, validation: 0") + tiny),
             Contains("grid.yaml:2: data.validation") && Contains("found 0"));
  CHECK_THAT(fault(with("train: a.txt, test: 1") + tiny), Contains("grid.yaml:2: data.test"));
  CHECK_THAT(fault(with("train: a.txt, validation: 0.5, test: 0.5") + tiny),
             Contains("grid.yaml:2: data.test") && Contains("below 1"));
  CHECK_THAT(fault(with("train: a.txt, train_rows: 5") + tiny), Contains("data.train_rows"));
  CHECK_THAT(fault(with("train: [a.txt, [b.txt]]") + tiny), Contains("grid.yaml:2: data.train"));
  CHECK_THAT(fault(with("train: []") + tiny), Contains("grid.yaml:2: data.train"));
  CHECK_THAT(fault("task: language_model\ndata: {name: synthetic, validation: v.txt}\n" + tiny),
             Contains("data.validation") && Contains("goes with data.name: text"));
  CHECK_THAT(fault("data: {name: csv, train: [a.csv, b.csv], test: c.csv}\n"),
             Contains("data.train") && Contains("list"));
  CHECK_THAT(fault(text + tiny + "training: {steps: 10, epochs: 2}\n"),
             Contains("grid.yaml:4: training.steps") && Contains("training.epochs"));
  CHECK_THAT(fault(text + "model: {kind: bag_of_words}\n"), Contains("task"));
  CHECK_THAT(fault(text + "model: {width: 16, p: 3}\n"),
             Contains("grid.yaml:3: model.p") && Contains("does not divide"));
  CHECK_THAT(fault(text + "model: {width: 16, p: 2, heads: 3}\n"), Contains("grid.yaml:3: model.heads"));
  CHECK_THAT(fault(text + tiny + "training: {early_stopping: {metric: validation_accuracy, patience: 2}}\n"),
             Contains("grid.yaml:4: training.early_stopping.metric") && Contains("does not have"));
  CHECK_THAT(fault(text + tiny + "sweep: {early_stop: {asha: {metric: validation_accuracy}}}\n"),
             Contains("sweep.early_stop.asha.metric"));
  CHECK_THAT(
      fault(synthetic + "training: {early_stopping: {metric: validation_bits_per_byte, patience: 2}}\n"),
      Contains("training.early_stopping.metric") && Contains("only a language model"));
  CHECK_THAT(fault(text + tiny + "training: {early_stopping: {metric: validation_los}}\n"),
             Contains("did you mean `validation_loss`"));
}
