// A study in words. No sentence claims more than its figures: equality is never read from a large p.
#pragma once
#include <string>
#include <vector>

#include "analysis/compare/comparison.hpp"
#include "analysis/report/json.hpp"

namespace tubal::analysis {

/// The study's answer in a few sentences, from what was gathered alone. Each says what it rests on.
std::vector<std::string> summary_in_words(const Study& study, const Comparison& comparison, double margin,
                                          const Json& cells, const Json& ngrams);

}  // namespace tubal::analysis
