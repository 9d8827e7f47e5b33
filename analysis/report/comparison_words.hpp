// The cells against the baseline in words: the best one, differences, parity.
#pragma once
#include "analysis/report/sentences.hpp"

namespace tubal::analysis {

std::string best_sentence(const Comparison& comparison, const sentences::Cells& cells,
                          const sentences::Cells& baselines);
/// No sentence reads equality from a large p.
std::string difference_sentence(const Measure& measure, const sentences::Cells& compared);
/// Parity is non-inferiority by `margin`. Empty where it was not asked.
std::string parity_sentence(const Comparison& comparison, double margin, const sentences::Cells& compared);

}  // namespace tubal::analysis
