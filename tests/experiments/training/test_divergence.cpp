// A trial that diverges says in its status at which step, and where in the model; extreme data and numbers
// end in figures or in such a cause, never in a crash or in scores that are no numbers.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "core/files.hpp"
#include "experiments/records/status.hpp"
#include "experiments/training/divergence.hpp"
#include "experiments/training/trial.hpp"
#include "tests/experiments/data/text_fixture.hpp"

using namespace tubal;
using namespace tubal::test;
using Catch::Matchers::Contains;

namespace {

TrialConfig made(const std::string& transform = "dft") {
  TrialConfig c;
  c.data.name = "synthetic";
  c.data.synthetic.train = 96;
  c.data.synthetic.test = 32;
  c.data.synthetic.classes = 2;
  c.data.synthetic.words = 40;
  c.data.synthetic.length = 8;
  c.data.max_length = c.model.max_length = 16;
  c.data.validation = 0.25;
  c.model.width = 16;
  c.model.p = 4;
  c.model.heads = 4;
  c.model.depth = 1;
  c.model.feed_forward = 2;
  c.model.transform.name = transform;
  c.training.epochs = 2;
  c.training.batch_size = 16;
  c.training.early_stopping.patience = 0;
  c.training.gradient_clip = 0;
  c.training.schedule.warmup = 0;
  c.seed = 7;
  return c;
}

TrialConfig from_csv(const TemporaryFolder& folder, const std::string& rows, int max_length = 16) {
  TrialConfig c = made();
  const std::string file = put(folder, "rows.csv", "label,text\n" + rows);
  c.data.name = "csv";
  c.data.train = c.data.test = file;
  c.data.validation = 0.2;
  c.data.max_length = c.model.max_length = max_length;
  c.training.epochs = 1;
  return c;
}

// Ended with finite scores, or diverged with a cause that says when and where.
void check_end(const fs::path& trial) {
  const TrialStatus s = read_status(trial);
  INFO(name(s.state) << ": " << s.cause);
  if (s.state == TrialState::diverged) {
    CHECK_THAT(s.cause, Contains("not finite") && Contains("step") && Contains("It began in"));
    CHECK(s.cause.find('\n') == std::string::npos);
    return;
  }
  CHECK(s.state == TrialState::complete);
  CHECK(std::isfinite(s.test_loss));
  CHECK(std::isfinite(s.train_loss));
}

}  // namespace

TEST_CASE("a diverged trial names the step, the place and the parameter", "[nonfinite]") {
  const TemporaryFolder folder;
  TrialConfig c = made();
  c.training.optimizer.learning_rate = 1e39;  // the first update leaves infinity
  CHECK(run_trial(folder / "rate", c) == ExitStatus::some_failed);
  TrialStatus s = read_status(folder / "rate");
  CHECK(s.state == TrialState::diverged);
  CHECK_THAT(s.cause, Contains("the loss was not finite at step 2 (epoch 1") &&
                          Contains("layer 0's attention") && Contains("the parameter layers.0.") &&
                          Contains("learning rate"));
  check_end(folder / "rate");

  c = made();
  c.model.embedding_std = 1e30;
  c.model.norm = NormPlace::pre;
  CHECK(run_trial(folder / "embedding", c) == ExitStatus::some_failed);
  s = read_status(folder / "embedding");
  CHECK_THAT(s.cause, Contains("at step 1 ") && Contains("layer 0's attention norm") && Contains("variance"));
  check_end(folder / "embedding");

  TrialOptions skip;
  skip.policy.on_nan = "skip";
  CHECK(run_trial(folder / "skip", c, skip) == ExitStatus::done);
  CHECK_THAT(
      read_file(folder / "skip" / "log.txt"),
      Contains("left out: the loss was not finite at step 1 ") && Contains("layer 0's attention norm"));
}

TEST_CASE("parameters that the last update left infinite are no complete trial", "[nonfinite]") {
  const TemporaryFolder folder;
  for (const ModelKind kind : {ModelKind::transformer, ModelKind::bag_of_words}) {
    TrialConfig c = made();
    c.model.kind = kind;
    c.training.optimizer.learning_rate = 1e39;
    c.training.epochs = 1;
    c.training.batch_size = 96;
    c.training.schedule.kind = "constant";
    INFO(name(kind));
    CHECK(run_trial(folder / name(kind), c) == ExitStatus::some_failed);
    const TrialStatus s = read_status(folder / name(kind));
    CHECK(s.step == 1);
    CHECK_THAT(s.cause, Contains("a parameter was not finite after step 1") && Contains("the parameter "));
    check_end(folder / name(kind));
    c.training.schedule.kind = "cosine";  // its end leaves weights of 3e37, and no score
    CHECK(run_trial(folder / ("huge_" + name(kind)), c) == ExitStatus::some_failed);
    CHECK_THAT(read_status(folder / ("huge_" + name(kind))).cause,
               Contains("the validation loss was not finite by the parameters of step 1"));
    check_end(folder / ("huge_" + name(kind)));
  }
}

TEST_CASE("extreme rates, sizes and data end in scores or in a cause", "[nonfinite]") {
  const TemporaryFolder folder;
  int trial = 0;
  const auto run = [&](const TrialConfig& c) {
    TrialOptions options;
    options.cache = folder / "cache";
    const fs::path at = folder / ("t" + std::to_string(trial++));
    const ExitStatus status = run_trial(at, c, options);
    CHECK((status == ExitStatus::done || status == ExitStatus::some_failed));
    check_end(at);
    return read_status(at).state;
  };
  for (const char* transform : {"dct", "dft"})
    for (const NormPlace norm : {NormPlace::post, NormPlace::pre}) {
      for (const double rate : {1e-310, 1e-42, 1e10, 1e20, 1e30, 1e38}) {
        TrialConfig c = made(transform);
        c.model.norm = norm;
        c.training.optimizer.learning_rate = rate;
        INFO(transform << " rate " << rate);
        const TrialState end = run(c);
        if (rate < 1) CHECK(end == TrialState::complete);
      }
      for (const double size : {1e-42, 1e-20, 1e15, 1e25, 1e37}) {
        TrialConfig c = made(transform);
        c.model.norm = norm;
        c.model.embedding_std = size;
        INFO(transform << " embedding " << size);
        const TrialState end = run(c);
        if (size < 1) CHECK(end == TrialState::complete);
        if (size > 1e20) CHECK(end == TrialState::diverged);
      }
    }
  // one token a text and a class with one row; a vocabulary of one word; 8,192 tokens
  CHECK(run(from_csv(folder, "a,one\nb,two\nb,two\nb,three\nb,two\nb,one\n")) == TrialState::complete);
  CHECK(run(from_csv(folder, "a,x\nb,x\nb,x\nb,x\nb,x\n", 1)) == TrialState::complete);
  std::string many;
  for (int i = 0; i < 8192; ++i) many += "w" + std::to_string(i % 50) + " ";
  CHECK(run(from_csv(folder, "a," + many + "\nb,x\nb,y\nb,w1\nb,z\n", 8192)) == TrialState::complete);
}

TEST_CASE("since when a loss grew", "[nonfinite]") {
  const auto points = [](const std::vector<double>& losses) {
    std::vector<TrainPoint> train;
    for (const double x : losses) train.push_back({static_cast<std::int64_t>(train.size()) + 1, x});
    return train;
  };
  CHECK(growth(points({})).empty());
  CHECK(growth(points({NAN})).empty());
  CHECK(growth(points({0.7, 0.6, 5.9, INFINITY})).empty());
  CHECK_THAT(growth(points({0.7, 0.5, 3, 4e7, NAN})),
             Contains("since step 2") && Contains("0.5") && Contains("4e+07 at step 4"));
  NonFinite origin;
  origin.when = NonFinite::forward;
  origin.place = "layer 1's attention";
  origin.slices = {2};
  CHECK_THAT(
      why_diverged("the loss", "at step 3", origin, points({1, 20, NAN})),
      Contains("the loss was not finite at step 3. It began in layer 1's attention, slice 2, on the way "
               "forward. The loss had grown since step 1"));
}
