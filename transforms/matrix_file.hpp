// A square matrix from a file: HDF5, NPY or CSV, told apart by the suffix.
#pragma once
#include <filesystem>
#include <vector>

#include "transforms/dense.hpp"

namespace tubal {

struct MatrixFile {
  Matrix matrix;                  // [p, p]
  std::vector<double> frequency;  // [p] in [0, 1], or empty: the file says nothing
};

/// .h5, .hdf5, .nc: data set `dataset`, or the only square one at the root; a data set `frequency` [p] beside
/// it counts. .npy: version 1 to 3, float or integer. .csv, .txt: a row a line, numbers apart by commas,
/// semicolons or blanks; lines that start with # are comments. Throws UsageError naming file,
/// line and what would be accepted.
MatrixFile read_matrix_file(const std::filesystem::path& path, const std::string& dataset);

}  // namespace tubal
