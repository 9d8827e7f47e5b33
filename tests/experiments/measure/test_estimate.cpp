// The formulas of `tubal plan`, by hand for one model each.
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <csignal>

#include "core/parallel.hpp"
#include "experiments/config/identity.hpp"
#include "experiments/data/data_hint.hpp"
#include "experiments/measure/estimate.hpp"

using namespace tubal;

static TrialConfig imdb(int p, const std::string& transform = "dct") {
  TrialConfig c;
  c.model.width = 128;
  c.model.p = p;
  c.model.transform.name = transform;
  return canonical(c);
}

TEST_CASE("parameters and FLOPs a token by formula", "[estimate]") {
  const Estimate dense = estimate(imdb(1), {}), four = estimate(imdb(4), {});
  CHECK(dense.encoder == 793088);
  CHECK(four.encoder == 203264);
  CHECK(dense.classes == 2);
  const double n = dense.mean_tokens;
  CHECK(n > 100);  // most reviews are longer than 128 words
  CHECK(n < 128);
  // three times: 4 layers of 2 (4 + 2r) d^2 + 4 n d
  CHECK(dense.flops == Approx(3 * 4 * (2 * 12 * 128. * 128 + 4 * n * 128)));
  // p slices of width m, and 4 transforms of 2 p d each
  CHECK(four.flops == Approx(3 * 4 * (2 * 4 * 12 * 32. * 32 + 4 * n * 128 + 8 * 4 * 128)));
  // dft, p = 4: two real slices and one complex one, whose product takes four real ones
  CHECK(estimate(imdb(4, "dft"), {}).flops ==
        Approx(3 * 4 * (2 * 6 * 12 * 32. * 32 + 4 * n * 128 + 8 * 4 * 128)));
  CHECK(four.memory > 16. * four.total);
  CHECK(four.disk > 4. * four.total);
}

TEST_CASE("a set that is not there yet is planned by its usual size", "[estimate]") {
  for (const auto& [name, rows] : {std::pair{"imdb", 25000.}, {"ag_news", 120000.}})
    for (const std::string path : {"", "/nowhere/at/all", "/dev/null", "/"}) {
      CAPTURE(name, path);
      TrialConfig c = imdb(2);
      c.data.name = name;
      c.data.path = path;
      CHECK(data_hint(c.data).train == rows);
      CHECK(data_hint(c.data).source.find("by the sizes") == std::string::npos);
      CHECK(estimate(c, {}).flops > 0);
    }
}

TEST_CASE("a few timed steps give a time, what was not timed is scaled", "[estimate]") {
  TrialConfig small;
  small.data.name = "synthetic";
  small.data.tokenizer.vocabulary = 100;
  small.data.max_length = 16;
  small.model.width = 16;
  small.model.depth = 1;
  small.training.batch_size = 4;
  std::vector<TrialConfig> configs(4, small);
  for (int i = 0; i < 4; ++i) configs[i].model.depth = i + 1;
  TrialConfig bag = small;
  bag.model.kind = ModelKind::bag_of_words;
  configs.push_back(canonical(bag));
  std::vector<const TrialConfig*> pointers;
  std::vector<Estimate> estimates;
  for (TrialConfig& c : configs) {
    pointers.push_back(&c);
    estimates.push_back(estimate(c, {}));
  }
  time_trials(pointers, estimates, {}, 0);  // no budget: the least and the most alone
  CHECK(estimates[0].timed);
  CHECK(estimates[3].timed);
  CHECK_FALSE(estimates[1].timed);
  CHECK_FALSE(estimates[4].seconds);
  for (int i = 0; i < 4; ++i) {
    REQUIRE(estimates[i].seconds);
    REQUIRE(estimates[i].seconds_a_look);
    CHECK(*estimates[i].seconds_a_look > 0);
    CHECK(*estimates[i].seconds > estimates[i].looks * *estimates[i].seconds_a_look);
  }
}

// With one thread a plan's times are the processor's: a busy machine's clock told 1,163 hours in place of 10.
TEST_CASE("what else runs on the machine does not change a plan's times of one thread", "[estimate]") {
  TrialConfig c;
  c.data.name = "synthetic";
  c.data.max_length = 32;
  c.model.width = 64;
  c.training.batch_size = 64;
  const auto timed = [&](double& share) {
    std::vector<Estimate> estimates = {estimate(c, {})};
    RuntimeConfig one;
    one.threads = 1;
    share = time_trials({&c}, estimates, one, 0);
    return *estimates[0].seconds;
  };
  double before = 1, beside = 1;
  const double quiet = timed(before);
  std::atomic<bool> ready = true;
  std::vector<pid_t> others;  // processes of their own: their time is not this one's
  for (int i = 0; i < 8 * allowed_cores(); ++i)
    if (const pid_t other = fork(); other == 0)
      for (;;) ready = true;
    else
      others.push_back(other);
  double busy = timed(beside);
  for (int again = 0; again < 4 && beside > 0.5; ++again) busy = timed(beside);
  for (const pid_t other : others) {
    kill(other, SIGKILL);
    waitpid(other, nullptr, 0);
  }
  INFO("shares " << before << " and " << beside);
  CHECK(beside < 0.8);
  CHECK(busy < 3 * quiet);
  CHECK(quiet < 3 * busy);
}

TEST_CASE("looks into the slices: one before training and one an evaluation", "[estimate]") {
  TrialConfig c = imdb(4);
  c.training.epochs = 3;
  CHECK(estimate(c, {}).looks == 4);
  const double tokens = 25000 * (1 - c.data.validation) * estimate(c, {}).mean_tokens;
  CHECK(estimate(c, {}).tokens_a_look == Approx(4096));  // at most, where a 256th of the part holds more
  c.data.train_rows = 2500;
  CHECK(estimate(c, {}).tokens_a_look == Approx(tokens / 10 / 256).margin(1));
  c.data.train_rows = 0;
  const auto steps = static_cast<int>(25000 * (1 - c.data.validation) / c.training.batch_size);
  c.training.evaluate_every = steps / 10;  // ten times an epoch, and a rest
  CHECK(estimate(c, {}).looks == Approx(1 + 31).margin(1));
}
