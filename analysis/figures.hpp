// The figures of export.hpp, one function each; an empty name where there is nothing to draw.
#pragma once
#include "analysis/export.hpp"
#include "analysis/gnuplot.hpp"
#include "analysis/text.hpp"

namespace tubal::analysis {

Figure metric_figure(const Study& study, const Comparison& comparison,
                     const std::vector<CellResult>& results);
/// Of the validation part: by epoch, language models by step.
Figure curves_figure(const Study& study, const Comparison& comparison,
                     const std::vector<CellResult>& results);
/// Cost: encoder parameters, or with `time` the seconds of a trial.
Figure pareto_figure(const Study& study, const Comparison& comparison, const std::vector<CellResult>& results,
                     bool time);

/// "mean low high" as they are shown; an interval that is not there has no length.
std::string interval_line(const Measure& measure, const CellResult& result);
/// What points and bars are, for the script's reader.
std::string interval_comment(const Comparison& comparison);

}  // namespace tubal::analysis
