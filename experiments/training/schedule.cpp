#include "experiments/training/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace tubal {

double scheduled_rate(const TrainingConfig& training, std::int64_t step, std::int64_t steps) {
  const ScheduleConfig& s = training.schedule;
  const double rate = training.optimizer.learning_rate;
  const auto warmup = static_cast<std::int64_t>(std::llround(s.warmup * static_cast<double>(steps)));
  if (step <= warmup) return rate * static_cast<double>(step) / static_cast<double>(warmup);
  const double t =
      static_cast<double>(step - warmup) / static_cast<double>(std::max<std::int64_t>(1, steps - warmup));
  if (s.kind == "constant") return rate;
  if (s.kind == "linear") return rate * (1 - (1 - s.final) * t);
  return rate * (s.final + (1 - s.final) * 0.5 * (1 + std::cos(std::numbers::pi * t)));
}

AdamWSettings step_settings(const TrainingConfig& training, std::int64_t step, std::int64_t steps) {
  const OptimizerConfig& o = training.optimizer;
  AdamWSettings a;
  a.learning_rate = scheduled_rate(training, step, steps);
  a.weight_decay = o.weight_decay;
  a.beta1 = o.beta1;
  a.beta2 = o.beta2;
  a.eps = o.eps;
  a.gradient_clip = training.gradient_clip;
  return a;
}

}  // namespace tubal
