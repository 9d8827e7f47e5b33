// What n-grams make of the same texts.
#pragma once
#include "analysis/compare/measure.hpp"
#include "analysis/report/json.hpp"

namespace tubal::analysis {

/// [{cells, rows: [{name, loss, bits_per_byte, figure, validation}]}]: what n-grams reach on the judged part,
/// once for all cells that read the same texts by the same tokenizer; `figure` in the measure's column,
/// `validation` beside curves, which are of that part.
Json gather_ngrams(const Study& study, const Measure& measure, Json& notes);

}  // namespace tubal::analysis
