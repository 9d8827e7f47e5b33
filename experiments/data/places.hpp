// What several data sets have in common: how their parts are named.
#pragma once
#include <filesystem>

#include "experiments/data/readers.hpp"

namespace tubal {

/// data.train and data.test.
Paths two_files(const DataConfig& data);
/// The folder data.path, which has to be there.
std::filesystem::path data_folder(const DataConfig& data);
/// The columns that are read of them.
void describe_columns(const DataConfig& data, nlohmann::json& out);
/// What the row `files` of the table stands for where it is null.
Paths files_among(const Paths& places);

}  // namespace tubal
