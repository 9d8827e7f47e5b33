// A study as one netCDF-4 file.
#pragma once
#include "analysis/export/written.hpp"
#include "analysis/read/study.hpp"

namespace tubal::analysis {

/// study.nc: study.h5's grid and table, and /curves over (trial, epoch), NaN past a trial's end; the marks of
/// the baseline are the chosen one's. No links to other files.
Written export_netcdf(const Study& study, const std::filesystem::path& folder);

}  // namespace tubal::analysis
