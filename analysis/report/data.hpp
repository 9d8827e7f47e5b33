// What a report shows, as JSON. Accuracies in [0, 1], losses in nat, times in seconds, memory in bytes; a
// number that is not known is null. Cells are named by their position in `cells`.
#pragma once
#include "analysis/report/json.hpp"
#include "analysis/report/report.hpp"

namespace tubal::analysis {

/// Everything, in this order: study, created, program, metric, measure, beside, language, level, margin,
/// margin_text, counts, factors, ranked, colour (the factor of colours), figures, cells, ngrams, data,
/// summary, failures, notes, confusion, spectra, learned, quantities, majority, ablation, provenance,
/// configuration, reproduce, trials.
Json gather_report(const Study& study, const ReportOptions& options = {});

}  // namespace tubal::analysis
