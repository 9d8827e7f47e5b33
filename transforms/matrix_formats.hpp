// The formats of matrix_file.hpp, one source each, and how they refuse.
#pragma once
#include <string>

#include "transforms/matrix_file.hpp"

namespace tubal {

MatrixFile read_hdf5_matrix(const std::filesystem::path& file, const std::string& dataset);
MatrixFile read_npy_matrix(const std::filesystem::path& file, const std::string& bytes);
MatrixFile read_csv_matrix(const std::filesystem::path& file, const std::string& text);

/// UsageError "file:line: message".
[[noreturn]] void refuse_matrix(const std::filesystem::path& file, const std::string& message, int line = 0);
/// values, row-major, as a matrix; refuses a shape that is not [p, p] with p >= 1.
Matrix square_matrix(const std::filesystem::path& file, const std::vector<std::size_t>& shape,
                     const std::vector<double>& values);

}  // namespace tubal
