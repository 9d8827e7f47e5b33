// What a report shows, as JSON. Accuracies in [0, 1], losses in nat, times in seconds, memory in bytes; a
// number that is not known is null. Cells are named by their position in `cells`.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "analysis/comparison.hpp"
#include "analysis/report.hpp"
#include "analysis/report_trials.hpp"

namespace tubal::analysis {

/// Everything, in this order: study, created, metric, measure, beside, level, margin, counts, factors, cells,
/// ngrams, drawn_curves, summary, notes, failures, curves, confusion, spectra, learned, ablation, provenance,
/// configuration, reproduce, trials.
Json gather_report(const Study& study, const ReportOptions& options = {});

/// [{key, name, values, numeric}]: each swept key with its values in order, "–" (no effect) left out.
Json gather_factors(const Study& study);
/// What the scripts need to show figures of a measure: {name, title, stored, word, head, axis,
/// unit, scale, decimals, exponential, lower, difference: {unit, scale, decimals}}.
Json facts_of(const Measure& measure);
/// [{label, name, values, any, baseline, bag_of_words, seeds, mean, interval, ...}], as study.cells.
/// `label` is what `tubal compare` says, `name` a shorter one; `any`: for each factor, whether the cell
/// stands for all its values (p = 1 for every transform).
Json gather_cells(const Study& study, const Comparison& comparison, double margin);
/// [{cells, rows: [{name, loss, bits_per_byte, figure, validation}]}]: what n-grams reach on the judged part,
/// once for all cells that read the same texts by the same tokenizer; `figure` in the measure's column,
/// `validation` beside curves, which are of that part.
Json gather_ngrams(const Study& study, const Measure& measure, Json& notes);
/// The study's answer in a few sentences, from what was gathered alone. Each says what it rests on.
std::vector<std::string> summary_in_words(const Study& study, const Comparison& comparison, double margin,
                                          const Json& cells, const Json& ngrams);
/// [{cell, seed, id, status, cause}]: every trial that enters no figure.
Json gather_failures(const Study& study);
/// {swept: [...], fixed: [[key, value], ...]}
Json gather_configuration(const Study& study);
/// Lines of a shell that lead to the same results.
std::vector<std::string> commands_to_reproduce(const Study& study, const Json& provenance);

}  // namespace tubal::analysis
