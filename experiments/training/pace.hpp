// How fast a training goes, smoothed over its last steps: for the progress that
// people see, no part of results.
#pragma once
#include <cmath>
#include <cstdint>

#include "experiments/records/status.hpp"

namespace tubal {

class Pace {
 public:
  /// After a step of so many tokens that took `seconds`; `loss`: the mean over its batch.
  void add(double seconds, std::size_t tokens, double loss) {
    step_seconds_ = smoothed(step_seconds_, seconds);
    loss_ = smoothed(loss_, loss);
    tokens_per_second_ = static_cast<double>(tokens) / step_seconds_;
  }
  double loss() const { return loss_; }                            // NaN before the first step
  double tokens_per_second() const { return tokens_per_second_; }  // NaN as well
  /// What so many steps will take, with their evaluations.
  double seconds_of(std::int64_t steps) const {
    constexpr double with_evaluations = 1.05;
    return static_cast<double>(steps) * step_seconds_ * with_evaluations;
  }

 private:
  static double smoothed(double before, double now) {
    return std::isfinite(before) ? 0.95 * before + 0.05 * now : now;
  }
  double step_seconds_ = unknown, loss_ = unknown, tokens_per_second_ = unknown;
};

}  // namespace tubal
