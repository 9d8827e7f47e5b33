// What a factor changes, and what trials cost, in words.
#pragma once
#include "analysis/report/sentences.hpp"

namespace tubal::analysis {

/// Between the values of the swept key `key`, called `name`, where all other factors agree: the widest gap of
/// means. Empty where no two cells differ in it alone.
std::string factor_sentence(const Study& study, const Measure& measure, const sentences::Cells& cells,
                            const std::string& key, const std::string& name);
/// Empty where no trial has a time.
std::string cost_sentence(const Study& study, const sentences::Cells& cells);

}  // namespace tubal::analysis
