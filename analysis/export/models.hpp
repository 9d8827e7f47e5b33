// A study's trained models under names that say their cell.
#pragma once
#include <string>

#include "analysis/export/written.hpp"
#include "analysis/read/study.hpp"

namespace tubal::analysis {

/// models/: model.safetensors of each complete trial as <cell>_seed<n>_<id>.safetensors, and models.csv that
/// names them with their figures. `trial`: this one alone, by the beginning of its id ("": all). Trials
/// without a model are added to `left_out`, one line each. Throws UsageError where there is none at all.
Written export_models(const Study& study, const std::string& trial, const std::filesystem::path& folder,
                      std::vector<std::string>& left_out);

}  // namespace tubal::analysis
