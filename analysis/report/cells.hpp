// The factors and cells of a report.
#pragma once
#include "analysis/compare/comparison.hpp"
#include "analysis/report/json.hpp"

namespace tubal::analysis {

/// [{key, name, values, numeric}]: each swept key with its values in order, "–" (no effect) left out.
Json gather_factors(const Study& study);
/// What the scripts need to show figures of a measure: {name, title, stored, word, head, axis,
/// unit, scale, decimals, exponential, lower, difference: {unit, scale, decimals}}.
Json facts_of(const Measure& measure);
/// [{label, name, values, any, baseline, bag_of_words, seeds, mean, interval, ...}], as study.cells.
/// `label` is what `tubal compare` says, `name` a shorter one; `any`: for each factor, whether the cell
/// stands for all its values (p = 1 for every transform).
Json gather_cells(const Study& study, const Comparison& comparison, double margin);
/// [{cell, seed, id, status, cause}]: every trial that enters no figure.
Json gather_failures(const Study& study);

}  // namespace tubal::analysis
