// A study as tidy tables of comma-separated values.
#pragma once
#include "analysis/export/written.hpp"
#include "analysis/read/study.hpp"

namespace tubal::analysis {

/// trials.csv: one row a trial, every column of /trials and `label`, the cell in words. curves.csv: one row a
/// trial and epoch, with id, seed and the swept keys. Metrics of a task that the study has not are left out.
/// Numbers read back exactly; what is missing is empty.
Written export_csv(const Study& study, const std::filesystem::path& folder);

}  // namespace tubal::analysis
