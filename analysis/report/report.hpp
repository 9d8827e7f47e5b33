// One HTML file that shows a study: figures, tables and words, with all that it needs inside it.
#pragma once
#include <optional>
#include <string>

#include "analysis/read/study.hpp"

namespace tubal::analysis {

struct ReportOptions {
  std::string metric;   // as measure_of() takes it
  double level = 0.95;  // of every interval
  /// Of non-inferiority, as stored: parity within so much; else the metric's own.
  std::optional<double> margin;
};

/// The whole file: template, style, scripts and libraries (analysis/report/, embedded at build time) around
/// the data. It loads nothing from anywhere. Reads every trial.h5 of the study; one that is damaged is named
/// in the report. Throws UsageError for an unknown metric.
std::string make_report(const Study& study, const ReportOptions& options = {});

}  // namespace tubal::analysis
