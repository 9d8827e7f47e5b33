// What several data sets have in common: how their parts are named.
#pragma once
#include <filesystem>

#include "experiments/data/readers.hpp"

namespace tubal {

/// data.train and data.test.
Paths two_files(const DataConfig& data);
/// The folder data.path, which has to be there.
std::filesystem::path data_folder(const DataConfig& data);
/// The two parts as `places` of a set's row names them; two empty names where they do not lie there, as for a
/// plan that is made before the data are there.
Paths parts_if_there(Paths (*places)(const DataConfig&), const DataConfig& data);
/// The columns that are read of them.
void describe_columns(const DataConfig& data, nlohmann::json& out);
/// What the row `files` of the table stands for where it is null.
Paths files_among(const Paths& places);

}  // namespace tubal
