// What a report shows, as JSON. Accuracies in [0, 1], times in seconds, memory in bytes; a number that is not
// known is null. Cells are named by their position in `cells`.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "analysis/comparison.hpp"
#include "analysis/report.hpp"
#include "analysis/report_trials.hpp"

namespace tubal::analysis {

/// Everything, in this order: study, created, metric, level, margin, counts, factors, cells, summary, notes,
/// failures, curves, confusion, spectra, learned, ablation, provenance, configuration, reproduce, trials.
Json gather_report(const Study& study, const ReportOptions& options = {});

/// [{key, name, values, numeric}]: each swept key with its values in order, "–" (no effect) left out.
Json gather_factors(const Study& study);
/// [{label, name, values, any, baseline, bag_of_words, seeds, accuracy, interval, ...}], as study.cells.
/// `label` is what `tubal compare` says, `name` a shorter one; `any`: for each factor, whether the cell
/// stands for all its values (p = 1 for every transform).
Json gather_cells(const Study& study, const Comparison& comparison, const ReportOptions& options);
/// The study's answer in a few sentences, from `gather_cells` alone. Each says what it rests on.
std::vector<std::string> summary_in_words(const Study& study, const Json& cells,
                                          const ReportOptions& options);
/// [{cell, seed, id, status, cause}]: every trial that enters no figure.
Json gather_failures(const Study& study);
/// {swept: [...], fixed: [[key, value], ...]}
Json gather_configuration(const Study& study);
/// Lines of a shell that lead to the same results.
std::vector<std::string> commands_to_reproduce(const Study& study, const Json& provenance);

}  // namespace tubal::analysis
