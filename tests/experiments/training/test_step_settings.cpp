// Every key of the optimiser and its schedule reaches the steps; the pace of a
// training is what its steps took.
#include <catch2/catch.hpp>
#include <cmath>

#include "experiments/config/schema.hpp"
#include "experiments/training/pace.hpp"
#include "experiments/training/schedule.hpp"

using namespace tubal;

namespace {

// All settings of a training's steps, one after another.
std::vector<double> of_all_steps(const Settings& s) {
  std::vector<double> all;
  constexpr std::int64_t steps = 20;
  for (std::int64_t step = 1; step <= steps; ++step) {
    const AdamWSettings a = step_settings(s.trial.training, step, steps);
    all.insert(all.end(), {a.learning_rate, a.weight_decay, a.beta1, a.beta2, a.eps, a.gradient_clip});
  }
  return all;
}

bool is_of_the_step(const std::string& key) {
  return key.starts_with("training.optimizer.") || key.starts_with("training.schedule.") ||
         key == "training.gradient_clip";
}

// Another value that the key allows: numbers halved (0: one half), each of a list by
// itself; the other choices.
std::vector<Value> others(const Key& key) {
  const auto halved = [](double x) { return x == 0 ? 0.5 : x / 2; };
  std::vector<Value> all;
  const Value standard = key.standard();
  if (const auto* x = std::get_if<double>(&standard)) all.push_back(halved(*x));
  if (const auto* list = std::get_if<std::vector<double>>(&standard))
    for (std::size_t i = 0; i < list->size(); ++i) {
      std::vector<double> changed = *list;
      changed[i] = halved(changed[i]);
      all.push_back(changed);
    }
  for (const std::string& choice : key.choices)
    if (Value(choice) != standard) all.push_back(choice);
  return all;
}

}  // namespace

TEST_CASE("every key of the optimiser and its schedule reaches the steps") {
  const std::vector<double> before = of_all_steps({});
  int keys = 0, changes = 0;
  for (const Key& key : schema()) {
    if (!is_of_the_step(key.name)) continue;
    ++keys;
    for (const Value& value : others(key)) {
      CAPTURE(key.name, show(value));
      Settings settings;
      key.set(settings, value);
      CHECK(of_all_steps(settings) != before);
      ++changes;
    }
  }
  CHECK(keys >= 8);
  CHECK(changes >= keys);  // two betas, two other schedules; the one kind of optimiser has no other
}

TEST_CASE("the pace is what steps took: equal steps exactly, else within their range") {
  Pace pace;
  CHECK(std::isnan(pace.loss()));
  CHECK(std::isnan(pace.tokens_per_second()));
  CHECK(std::isnan(pace.seconds_of(10)));
  for (int i = 0; i < 5; ++i) pace.add(0.25, 100, 2);
  CHECK(pace.loss() == Approx(2));
  CHECK(pace.tokens_per_second() == Approx(400));
  CHECK(pace.seconds_of(40) == Approx(10).epsilon(0.1));  // and evaluations
  CHECK(pace.seconds_of(0) == 0);
  CHECK(pace.seconds_of(80) == Approx(2 * pace.seconds_of(40)));
  for (int i = 0; i < 200; ++i) {
    pace.add(0.5, 100, 1);
    CHECK((pace.loss() < 2 && pace.loss() >= 1));
    CHECK((pace.tokens_per_second() < 400 && pace.tokens_per_second() >= 200));
  }
  CHECK(pace.loss() == Approx(1).epsilon(1e-3));
  CHECK(pace.tokens_per_second() == Approx(200).epsilon(1e-3));
  pace.add(0.5, 100, std::nan(""));
  CHECK(std::isnan(pace.loss()));
}
