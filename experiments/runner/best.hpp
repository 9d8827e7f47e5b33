// The metric of each trial as the runner's people read it: accuracy of classifiers, loss of language models.
#pragma once
#include <string>

#include "core/metrics.hpp"
#include "experiments/records/status.hpp"
#include "experiments/runner/index.hpp"

namespace tubal::runner {

/// "0.8713"; "1.8857 nat" of a language model. "" for NaN.
std::string show_figure(bool language, double x);
/// What the trial's task is judged by first, of the validation and of the test part.
double validation_figure(const TrialStatus& status, bool language);
double test_figure(const TrialStatus& status, bool language);

/// The best validation figure so far, of each task that was seen.
class Best {
 public:
  void see(const PlannedTrial& trial, double figure);
  /// "best validation 0.8713 (p=4 seed=0)", "best validation loss 1.8857 nat, perplexity
  /// 6.591 (...)"; "" before any.
  std::string text() const;

 private:
  struct One {
    double figure = unknown;
    std::string name;
  };
  One of_[2];  // classifiers, language models
};

}  // namespace tubal::runner
