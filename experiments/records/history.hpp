// The journal's records as JSON, and back: what a resumed trial knows of its past.
#pragma once
#include <string>

#include "experiments/records/record.hpp"

namespace tubal {

std::string to_record(const TrainPoint& point);
std::string to_record(const EvaluationPoint& point);
std::string to_record(const TransformPoint& point);
std::string to_record(const SpectrumPoint& point);
/// Appends a journal record to the part of `record` that it belongs to; throws Error for
/// one that it does not know.
void take_record(const std::string& json, TrialRecord& record);

}  // namespace tubal
