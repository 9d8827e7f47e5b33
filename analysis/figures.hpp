// The figures of export.hpp, one function each; an empty name where there is nothing to draw.
#pragma once
#include "analysis/export.hpp"
#include "analysis/gnuplot.hpp"
#include "analysis/text.hpp"

namespace tubal::analysis {

Figure accuracy_figure(const Study& study, const Comparison& comparison,
                       const std::vector<CellResult>& results);
Figure curves_figure(const Study& study, const std::vector<CellResult>& results);
/// Cost: encoder parameters, or with `time` the seconds of a trial.
Figure pareto_figure(const Study& study, const Comparison& comparison, const std::vector<CellResult>& results,
                     bool time);

inline std::string metric_label(const Comparison& c) {
  return c.metric == "test_accuracy" ? "test accuracy (%)" : "validation accuracy (%)";
}
/// "mean low high" in %; an interval that is not there has no length.
std::string interval_line(const CellResult& result);
/// What points and bars are, for the script's reader.
std::string interval_comment(const Comparison& comparison);

}  // namespace tubal::analysis
