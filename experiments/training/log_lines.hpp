// What a trial's log.txt says of its training, as lines.
#pragma once
#include <cstdint>
#include <string>

#include "experiments/records/record.hpp"
#include "experiments/records/status.hpp"
#include "experiments/training/trial.hpp"

namespace tubal {

/// An evaluation of `epochs` in all, after e.step of `steps` steps.
std::string epoch_line(const EvaluationPoint& e, bool language, int epochs, std::int64_t steps);
/// What looking into the slices took, of so many seconds of training.
std::string probe_line(double seconds, double trained);
/// The trial's end: the test's scores, or where there is no test part those of the validation.
std::string end_line(const TrialStatus& status, const Scores& test, bool language, bool tested);

}  // namespace tubal
