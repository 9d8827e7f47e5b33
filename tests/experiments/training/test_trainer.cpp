#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <csignal>
#include <limits>
#include <thread>

#include "core/hdf5.hpp"
#include "core/layout.hpp"
#include "core/layout_entries.hpp"
#include "core/unfinished.hpp"
#include "experiments/records/checkpoint.hpp"
#include "experiments/records/journal.hpp"
#include "experiments/records/safetensors.hpp"
#include "experiments/records/status.hpp"
#include "experiments/records/verify_trial.hpp"
#include "experiments/training/learner.hpp"
#include "experiments/training/schedule.hpp"
#include "experiments/training/stop_request.hpp"
#include "experiments/training/trial.hpp"
#include "tests/temporary.hpp"

using namespace tubal;
using Catch::Matchers::Contains;

namespace {

TrialConfig small(ModelKind kind, const std::string& transform = "dct") {
  TrialConfig c;
  c.data.name = "synthetic";
  c.data.synthetic.train = 240;
  c.data.synthetic.test = 90;
  c.data.synthetic.classes = 3;
  c.data.synthetic.words = 60;
  c.data.synthetic.length = 12;
  c.data.max_length = c.model.max_length = 16;
  c.data.validation = 0.2;
  c.model.kind = kind;
  c.model.width = 16;
  c.model.p = 4;
  c.model.heads = 4;
  c.model.depth = 1;
  c.model.feed_forward = 2;
  c.model.transform.name = transform;
  c.training.epochs = 3;
  c.training.batch_size = 16;
  c.training.optimizer.learning_rate = 5e-3;
  c.training.early_stopping.patience = 0;
  c.seed = 7;
  return c;
}

// Everything of a finished trial that may not depend on how often it was stopped.
struct Outcome {
  std::vector<std::vector<double>> numbers;
  std::vector<std::int64_t> predictions;
  std::string parameters;
  bool operator==(const Outcome&) const = default;
};

Outcome outcome(const fs::path& folder) {
  const layout::TrialFolder trial{folder};
  const hdf5::Reader file(trial.data());
  Outcome o;
  for (const layout::Entry& e : layout::trial_entries) {
    const std::string path = e.path;
    if (e.type == 's' || !file.has(path) || path.find("seconds") != std::string::npos ||
        path.find("tokens_per_second") != std::string::npos)
      continue;
    o.numbers.push_back(file.read<double>(path));
    for (double& x : o.numbers.back())
      if (std::isnan(x)) x = -12345;  // equal to itself
  }
  o.predictions = file.read<std::int64_t>("/test/prediction");
  // The file's metadata name the folder: the parameters alone.
  const std::string text = read_file(trial.model());
  std::size_t head = 0;
  for (std::size_t i = 8; i-- > 0;) head = head << 8 | static_cast<unsigned char>(text[i]);
  o.parameters = text.substr(8 + head);
  return o;
}

TrialOptions stop_at(std::int64_t step) {
  TrialOptions options;
  options.progress = [step](const Progress& p) {
    if (std::string(p.phase) == "training" && p.step == step) request_stop();
  };
  return options;
}

}  // namespace

TEST_CASE("a trial learns, and its files say what happened") {
  const TemporaryFolder folder;
  for (const ModelKind kind : {ModelKind::bag_of_words, ModelKind::transformer}) {
    TrialConfig config = small(kind);
    config.training.epochs = 6;
    if (kind == ModelKind::bag_of_words) config.training.optimizer.learning_rate = 2e-3;
    config.data.synthetic.noise = 0;
    REQUIRE(run_trial(folder / name(kind), config) == ExitStatus::done);
    const TrialStatus s = read_status(folder / name(kind));
    INFO(kind << " " << s.cause);
    CHECK(s.state == TrialState::complete);
    CHECK(s.test_accuracy >= 0.6);  // chance is 1/3
    CHECK(s.test_accuracy <= 1);
    CHECK(s.epoch == 6);
    CHECK(s.attempt == 1);
    CHECK(s.flops > 0);
    CHECK(s.processor_seconds > 0);
    CHECK(s.processor_seconds < s.seconds + 0.05);  // one thread
    CHECK(s.parameters_total > 0);
    const layout::TrialFolder trial{folder / name(kind)};
    CHECK_FALSE(fs::exists(trial.checkpoint()));
    CHECK(verify_trial(trial.root).size() ==
          1);  // the folder's name is not the configuration's hash; all else is sound
    const hdf5::Reader file(trial.data());
    const auto loss = file.read<double>("/metrics/train/loss");
    CHECK(loss.size() == static_cast<std::size_t>(s.steps));
    CHECK(loss.back() < loss.front());
    const auto label = file.read<std::int64_t>("/test/label"),
               prediction = file.read<std::int64_t>("/test/prediction");
    long right = 0;
    for (std::size_t i = 0; i < label.size(); ++i) right += label[i] == prediction[i];
    CHECK(static_cast<double>(right) / static_cast<double>(label.size()) == Approx(s.test_accuracy));
    const auto validation = file.read<double>("/metrics/evaluation/validation_accuracy");
    CHECK(validation[static_cast<std::size_t>(s.best_epoch) - 1] ==
          *std::max_element(validation.begin(), validation.end()));
    CHECK(file.attribute("/provenance", "configuration") == read_file(trial.config()));
    CHECK(run_trial(trial.root, config) == ExitStatus::done);  // at once
    CHECK(read_status(trial.root).attempt == 1);
  }
}

TEST_CASE("stopped anywhere, a trial ends with the same bits") {
  const TemporaryFolder folder;
  for (const char* transform : {"haar", "learned_orthogonal", "dft"}) {
    const TrialConfig config = small(ModelKind::transformer, transform);
    REQUIRE(run_trial(folder / "whole", config) == ExitStatus::done);
    const Outcome whole = outcome(folder / "whole");
    const std::int64_t steps = read_status(folder / "whole").steps, each = steps / 3;
    for (const std::int64_t at : {std::int64_t{1}, each - 1, each, each + 1, 2 * each, steps}) {
      fs::remove_all(folder / "parts");
      clear_stop_request();
      REQUIRE(run_trial(folder / "parts", config, stop_at(at)) == ExitStatus::interrupted);
      const TrialStatus first = read_status(folder / "parts");
      CHECK(first.state == TrialState::interrupted);
      clear_stop_request();
      REQUIRE(run_trial(folder / "parts", config) == ExitStatus::done);
      INFO(transform << " stopped after step " << at);
      CHECK(first.processor_seconds > 0);
      CHECK(read_status(folder / "parts").processor_seconds > first.processor_seconds);  // of both
      CHECK(read_status(folder / "parts").attempt == 2);
      CHECK((outcome(folder / "parts") == whole));
    }
    fs::remove_all(folder / "whole");
  }
}

TEST_CASE("killed anywhere, a trial ends with the same bits") {
  const TemporaryFolder folder;
  const TrialConfig config = small(ModelKind::transformer);
  REQUIRE(run_trial(folder / "whole", config) == ExitStatus::done);
  const Outcome whole = outcome(folder / "whole");
  const std::int64_t steps = read_status(folder / "whole").steps;
  TrialOptions options;
  options.runtime.checkpoint_seconds = 0;  // after every step
  for (const std::int64_t at : {std::int64_t{1}, std::int64_t{5}, steps / 2, steps}) {
    const pid_t child = fork();
    if (child == 0) {
      options.progress = [at](const Progress& p) {
        if (p.step >= at) raise(SIGKILL);
      };
      run_trial(folder / "parts", config, options);
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    REQUIRE(WIFSIGNALED(status));
    CHECK(read_status(folder / "parts").state == TrialState::running);
  }
  REQUIRE(run_trial(folder / "parts", config) == ExitStatus::done);
  CHECK(read_status(folder / "parts").attempt == 5);
  CHECK((outcome(folder / "parts") == whole));
}

TEST_CASE("a damaged checkpoint or journal is said and the trial begun anew") {
  const TemporaryFolder folder;
  const TrialConfig config = small(ModelKind::bag_of_words);
  REQUIRE(run_trial(folder / "whole", config) == ExitStatus::done);
  const Outcome whole = outcome(folder / "whole");
  for (const char* name : {"checkpoint", "journal.jsonl"}) {
    fs::remove_all(folder / "parts");
    clear_stop_request();
    REQUIRE(run_trial(folder / "parts", config, stop_at(7)) == ExitStatus::interrupted);
    clear_stop_request();
    std::string bytes = read_file(folder / "parts" / name);
    bytes[bytes.size() / 3] ^= 1;
    write_file(folder / "parts" / name, bytes);
    const std::vector<std::string> problems = verify_trial(folder / "parts");
    CHECK(std::any_of(problems.begin(), problems.end(), [&](const std::string& p) {
      return p.find(name) != std::string::npos && p.find("damaged") != std::string::npos;
    }));
    REQUIRE(run_trial(folder / "parts", config) == ExitStatus::done);
    const std::string log = read_file(folder / "parts" / "log.txt");
    CHECK_THAT(log, Contains(name) && Contains("damaged") && Contains("begins anew"));
    CHECK((outcome(folder / "parts") == whole));
  }
  for (const char* name : {"trial.h5", "model.safetensors"}) {  // of a finished trial
    std::string bytes = read_file(folder / "parts" / name);
    bytes[bytes.size() / 2] ^= 1;
    write_file(folder / "parts" / name, bytes);
    CHECK(damaged_files(folder / "parts", read_status(folder / "parts")).size() == 1);
    REQUIRE(run_trial(folder / "parts", config) == ExitStatus::done);
    CHECK((outcome(folder / "parts") == whole));
  }
}

TEST_CASE("the checkpoint of another configuration is not gone on with") {
  const TemporaryFolder folder;
  TrialConfig config = small(ModelKind::bag_of_words);
  clear_stop_request();
  REQUIRE(run_trial(folder / "t", config, stop_at(5)) == ExitStatus::interrupted);
  clear_stop_request();
  config.training.optimizer.learning_rate *= 2;
  REQUIRE(run_trial(folder / "t", config) == ExitStatus::done);
  CHECK_THAT(read_file(folder / "t" / "log.txt"), Contains("another configuration"));
  REQUIRE(run_trial(folder / "whole", config) == ExitStatus::done);
  CHECK((outcome(folder / "t") == outcome(folder / "whole")));
}

TEST_CASE("the checkpoint of an earlier version, without processor time, is gone on with") {
  const TemporaryFolder folder;
  const TrialConfig config = small(ModelKind::bag_of_words);
  clear_stop_request();
  REQUIRE(run_trial(folder / "t", config, stop_at(5)) == ExitStatus::interrupted);
  clear_stop_request();
  const fs::path file = folder / "t" / "checkpoint";
  const Checkpoint saved = load_checkpoint(file);
  std::string header = saved.header;
  const std::size_t at = header.find(",\"processor_seconds\":");
  REQUIRE(at != std::string::npos);
  header.erase(at, header.find(',', at + 1) - at);
  save_checkpoint(file, header, {saved.arrays.begin(), saved.arrays.end()});
  REQUIRE(run_trial(folder / "t", config) == ExitStatus::done);
  CHECK(read_status(folder / "t").attempt == 2);
  CHECK(std::isnan(read_status(folder / "t").processor_seconds));  // of a part alone it would say too little
  REQUIRE(run_trial(folder / "whole", config) == ExitStatus::done);
  CHECK((outcome(folder / "t") == outcome(folder / "whole")));
}

TEST_CASE("what is not finite ends a trial as diverged, or is skipped") {
  const TemporaryFolder folder;
  TrialConfig config = small(ModelKind::transformer);
  config.training.optimizer.learning_rate = 1e38;
  config.training.gradient_clip = 0;
  config.training.schedule.warmup = 0;
  CHECK(run_trial(folder / "stop", config) == ExitStatus::some_failed);
  const TrialStatus s = read_status(folder / "stop");
  CHECK(s.state == TrialState::diverged);
  CHECK_THAT(s.cause, Contains("not finite at step") && Contains("learning rate"));
  CHECK(s.cause_kind == Cause::not_finite);
  CHECK(hdf5::Reader(folder / "stop" / "trial.h5").attribute("/", "status") == "diverged");
  TrialOptions options;
  options.policy.on_nan = "skip";
  CHECK(run_trial(folder / "skip", config, options) == ExitStatus::done);
  CHECK(read_status(folder / "skip").state == TrialState::complete);
}

TEST_CASE("early stopping and a no to going on end training with a cause") {
  const TemporaryFolder folder;
  TrialConfig config = small(ModelKind::bag_of_words);
  config.training.epochs = 30;
  config.training.early_stopping.patience = 2;
  REQUIRE(run_trial(folder / "early", config) == ExitStatus::done);
  const TrialStatus s = read_status(folder / "early");
  CHECK(s.epoch < 30);
  CHECK(s.epoch == s.best_epoch + 2);
  CHECK_THAT(s.cause, Contains("stopped early"));
  TrialOptions options;
  options.keep_going = [](int epoch, const Scores& validation) {
    return std::isfinite(validation.accuracy + validation.loss) && epoch < 2;
  };
  REQUIRE(run_trial(folder / "asha", config, options) == ExitStatus::done);
  CHECK(read_status(folder / "asha").epoch == 2);
  CHECK(read_status(folder / "asha").state == TrialState::stopped);
  CHECK_THAT(read_status(folder / "asha").cause, Contains("ASHA"));
}

TEST_CASE("schedules rise, fall and end where they should") {
  TrainingConfig t;
  t.optimizer.learning_rate = 1;
  t.schedule = {"cosine", 0.1, 0.03};
  CHECK(scheduled_rate(t, 1, 100) == Approx(0.1));
  CHECK(scheduled_rate(t, 10, 100) == Approx(1));
  CHECK(scheduled_rate(t, 55, 100) == Approx(0.515));
  CHECK(scheduled_rate(t, 100, 100) == Approx(0.03));
  t.schedule.kind = "linear";
  CHECK(scheduled_rate(t, 55, 100) == Approx(0.515));
  CHECK(scheduled_rate(t, 100, 100) == Approx(0.03));
  t.schedule = {"constant", 0, 0};
  CHECK(scheduled_rate(t, 1, 100) == 1);
  CHECK(scheduled_rate(t, 100, 100) == 1);
}

TEST_CASE("bag_of_words: gradients agree with finite differences") {
  const auto learner = make_learner(small(ModelKind::bag_of_words).model, 60, 3, 0, 1);
  Batch batch;
  batch.tokens = {1, 2, 3, 1, 2, 9, 8};
  batch.offsets = {0, 4, 7};
  batch.labels = {0, 2};
  for (int i = 0; i < 3; ++i) {  // away from zero
    learner->gradients(batch, 0, i + 1);
    learner->update({3e-3, 0}, i + 1);
  }
  const double loss = learner->gradients(batch, 0, 9).loss;
  CHECK(loss == Approx(learner->evaluate(batch).loss).epsilon(1e-12));
  NamedTensor<float> w = learner->parameters()[0];
  int checked = 0;
  for (std::size_t i = 0; i < w.size() && checked < 12; ++i) {
    if (w.gradient[i] == 0) continue;
    const float before = w.value[i], h = 3e-4f;
    w.value[i] = before + h;
    const double up = learner->evaluate(batch).loss;
    w.value[i] = before - h;
    const double down = learner->evaluate(batch).loss;
    w.value[i] = before;
    CHECK(std::abs((up - down) / (2 * h) - w.gradient[i]) <= 1e-2);
    ++checked;
  }
  CHECK(checked == 12);
}

TEST_CASE("parameters come back from safetensors, and another model's are refused") {
  const TemporaryFolder folder;
  const ModelConfig model = small(ModelKind::transformer, "dft").model;
  auto a = make_learner(model, 50, 3, 1, 1), b = make_learner(model, 50, 3, 2, 1);
  write_safetensors(folder / "m", a->parameters(), {{"x", "y"}});
  auto into = b->parameters();
  read_safetensors(folder / "m", into);
  const auto from = a->parameters();
  for (std::size_t i = 0; i < from.size(); ++i)
    for (std::size_t o = 0; o < from[i].shape[0]; ++o)
      for (std::size_t j = 0; j < from[i].size() / from[i].shape[0]; ++j)
        REQUIRE(from[i].value[o * from[i].outer_stride + j] == into[i].value[o * into[i].outer_stride + j]);
  auto other = make_learner(model, 51, 3, 2, 1);
  auto wrong = other->parameters();
  CHECK_THROWS_WITH(read_safetensors(folder / "m", wrong),
                    Contains("token_embedding") && Contains("another"));
  write_file(folder / "cut", read_file(folder / "m").substr(0, 100));
  CHECK_THROWS_WITH(read_safetensors(folder / "cut", into), Contains("cut"));
}

TEST_CASE("a trial that cannot write says so and leaves no half-written file") {
  const TemporaryFolder folder;
  const TrialConfig config = small(ModelKind::bag_of_words);
  {
    clear_stop_request();
    REQUIRE(run_trial(folder / "full", config, stop_at(5)) == ExitStatus::interrupted);
    clear_stop_request();
    const FileSizeLimit limit(1 << 20);  // the checkpoint (9 MB) no longer fits
    TrialOptions options;
    options.runtime.checkpoint_seconds = 0;
    CHECK(run_trial(folder / "full", config, options) == ExitStatus::some_failed);
  }
  CHECK(read_status(folder / "full").state == TrialState::failed);
  CHECK_THAT(read_status(folder / "full").cause, Contains("checkpoint") && Contains("cannot write"));
  for (const auto& entry : fs::directory_iterator(folder / "full")) CHECK_FALSE(is_unfinished(entry.path()));
  REQUIRE(run_trial(folder / "full", config) == ExitStatus::done);  // space again: it goes on from step 5
  CHECK_THAT(read_file(folder / "full" / "log.txt"), Contains("goes on at step 5"));
  REQUIRE(run_trial(folder / "whole", config) == ExitStatus::done);
  CHECK((outcome(folder / "full") == outcome(folder / "whole")));

  fs::create_directory(folder / "closed");
  fs::permissions(folder / "closed", fs::perms::owner_read | fs::perms::owner_exec);
  fs::permissions(folder.path, fs::perms::all);
  CHECK(as_nobody([&] {
          if (run_trial(folder / "closed" / "t", config) != ExitStatus::done)
            throw Error("not done, as it should");
        }) == "not done, as it should");
}
