// The factors and cells of a report.
#pragma once
#include "analysis/compare/comparison.hpp"
#include "analysis/compare/factors.hpp"
#include "analysis/report/json.hpp"

namespace tubal::analysis {

/// [{key, name, values, numeric}], as Factors::all.
Json factors_json(const Factors& factors);
/// What the scripts need to show figures of a measure: {name, title, stored, word, head, axis,
/// unit, scale, decimals, exponential, lower, difference: {unit, scale, decimals}}.
Json facts_of(const Measure& measure);
/// [{label, name, series, values, any, baseline, bag_of_words, seeds, mean, interval, ...}], as study.cells.
/// `label` is what `tubal compare` says, `name` a shorter one, `series` the value that gives its colour;
/// `any`: for each factor, whether the cell stands for all its values (p = 1 for every transform).
Json gather_cells(const Study& study, const Comparison& comparison, const Factors& factors);
/// [{cell, seed, id, status, cause}]: every trial that enters no figure.
Json gather_failures(const Study& study);

}  // namespace tubal::analysis
