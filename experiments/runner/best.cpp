#include "experiments/runner/best.hpp"

#include <cmath>
#include <cstdio>

#include "experiments/runner/display.hpp"

namespace tubal::runner {

std::string show_figure(bool language, double x) {
  const std::string shown = show_share(x);
  return language && !shown.empty() ? shown + " " + first_metric(true).unit : shown;
}

double validation_figure(const TrialStatus& s, bool language) {
  return language ? s.validation_loss : s.validation_accuracy;
}

double test_figure(const TrialStatus& s, bool language) { return language ? s.test_loss : s.test_accuracy; }

void Best::see(const PlannedTrial& trial, double figure) {
  One& best = of_[trial.language];
  if (better(first_metric(trial.language), figure, best.figure) ||
      (std::isnan(best.figure) && !std::isnan(figure)))
    best = {figure, trial.name()};
}

std::string Best::text() const {
  std::string out;
  for (const bool language : {false, true}) {
    const One& best = of_[language];
    if (std::isnan(best.figure)) continue;
    char perplexity[32] = "";
    if (language) std::snprintf(perplexity, sizeof perplexity, ", perplexity %.3f", std::exp(best.figure));
    out += (out.empty() ? "best validation " : "; best validation ") + std::string(language ? "loss " : "") +
           show_figure(language, best.figure) + perplexity + " (" + best.name + ")";
  }
  return out;
}

}  // namespace tubal::runner
