// A study for other programs: tables, papers' tables and figures, one netCDF file, its models.
#pragma once
#include "analysis/export/csv.hpp"
#include "analysis/export/figures.hpp"
#include "analysis/export/latex.hpp"
#include "analysis/export/models.hpp"
#include "analysis/export/netcdf.hpp"
