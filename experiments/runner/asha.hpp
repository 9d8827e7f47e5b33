// Asynchronous successive halving (Li et al. 2020, arXiv 1810.05934), the stopping variant: a
// trial that reaches epoch min * eta^r goes on only if it is among the best 1/eta (at least one)
// of those that reached it so far.
#pragma once
#include <limits>
#include <map>
#include <set>
#include <string>

#include "core/layout.hpp"
#include "experiments/config/config.hpp"

namespace tubal::runner {

/// A trial's validation figures after an epoch; NaN where its task has none.
struct ValidationFigures {
  double accuracy, loss, bits_per_byte = std::numeric_limits<double>::quiet_NaN();
  /// By a metric's name or column: accuracy, validation_loss, ... Throws Error for another.
  double of(const std::string& metric) const;
};

/// Whether `epoch` is min * eta^r for some r >= 0.
bool is_rung(const AshaConfig& asha, int epoch);

/// Whether `id` ranks among the best max(1, floor(n / eta)) of the n scores (larger is better, ties by id);
/// a NaN never does). A function of its arguments alone.
bool among_best(const std::map<std::string, double>& scores, const std::string& id, int eta);

/// Records the trial's score by asha.metric at a rung (larger is better: minus a loss) and decides; elsewhere
/// true. The decision is kept beside the score (one file a trial and rung), so a trial that is resumed or run
/// again decides as it did. Scores of another metric, and of trials that are not in `among` (the current
/// grid; empty: all), do not count. Throws Error.
bool asha_goes_on(const layout::StudyFolder& study, const AshaConfig& asha, const std::string& id, int epoch,
                  const ValidationFigures& figures, const std::set<std::string>& among = {});

}  // namespace tubal::runner
