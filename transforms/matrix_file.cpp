#include "transforms/matrix_file.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/hdf5.hpp"
#include "transforms/matrix_formats.hpp"

namespace tubal {

namespace fs = std::filesystem;

void refuse_matrix(const fs::path& file, const std::string& message, int line) {
  throw UsageError(file.string(), line, "", message);
}

Matrix square_matrix(const fs::path& file, const std::vector<std::size_t>& shape,
                     const std::vector<double>& values) {
  if (shape.size() != 2 || shape[0] != shape[1] || shape[0] == 0) {
    std::vector<std::string> axes;
    for (std::size_t n : shape) axes.push_back(std::to_string(n));
    refuse_matrix(file,
                  "holds an array of shape [" + join(axes) + "]; a transform is a square matrix [p, p]");
  }
  Matrix A = Matrix::from_shape({shape[0], shape[1]});
  std::copy(values.begin(), values.end(), A.data());
  return A;
}

MatrixFile read_hdf5_matrix(const fs::path& file, const std::string& wanted) try {
  const hdf5::Reader reader(file);
  std::string dataset = wanted;
  if (dataset.empty()) {
    std::vector<std::string> found;
    for (const std::string& name : reader.list("/")) {
      if (reader.is_group("/" + name)) continue;
      const std::vector<std::size_t> shape = reader.shape("/" + name);
      if (shape.size() == 2 && shape[0] == shape[1]) found.push_back(name);
    }
    if (found.size() != 1)
      refuse_matrix(file, (found.empty() ? "has no square matrix at its root, where there are: " +
                                               join(reader.list("/"))
                                         : "has several square matrices (" + join(found) + ")") +
                              "; name one with dataset: GROUP/NAME");
    dataset = found[0];
  }
  if (dataset.front() != '/') dataset = "/" + dataset;
  if (!reader.has(dataset) || reader.is_group(dataset))
    refuse_matrix(file,
                  "has no data set `" + dataset + "`; at the root there are: " + join(reader.list("/")));
  if (const char type = reader.type(dataset); type != 'f' && type != 'i')
    refuse_matrix(
        file,
        "`" + dataset + "` holds no real numbers; a matrix of floating point or integer numbers is needed");
  MatrixFile out;
  const std::vector<std::size_t> shape = reader.shape(dataset);
  if (shape.size() != 2 || shape[0] != shape[1]) square_matrix(file, shape, {});
  out.matrix = square_matrix(file, shape, reader.read<double>(dataset));
  const std::string beside = dataset.substr(0, dataset.rfind('/') + 1) + "frequency";
  if (reader.has(beside)) out.frequency = reader.read<double>(beside);
  return out;
} catch (const UsageError&) {
  throw;
} catch (const Error& e) {
  throw UsageError(e.what(), e.cause());  // a damaged file is bad input
}

MatrixFile read_matrix_file(const fs::path& file, const std::string& dataset) {
  std::error_code none;
  if (!fs::is_regular_file(file, none))
    refuse_matrix(file, file_is_there(file) ? "is no regular file" : "there is no such file");
  std::string suffix = file.extension().string();
  std::transform(suffix.begin(), suffix.end(), suffix.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  MatrixFile out;
  if (suffix == ".h5" || suffix == ".hdf5" || suffix == ".nc") {
    out = read_hdf5_matrix(file, dataset);
  } else {
    if (!dataset.empty())
      refuse_matrix(
          file, "`dataset` names a data set of an HDF5 file; this one holds a single matrix, leave it out");
    std::ifstream in(file, std::ios::binary);
    if (!in) refuse_matrix(file, "cannot be read");
    const std::string bytes((std::istreambuf_iterator<char>(in)), {});
    if (suffix == ".npy")
      out = read_npy_matrix(file, bytes);
    else if (suffix == ".csv" || suffix == ".txt")
      out = read_csv_matrix(file, bytes);
    else
      refuse_matrix(file,
                    "suffix `" + suffix + "` says no format that is read: .h5, .hdf5, .nc, .npy, .csv, .txt");
  }
  const std::size_t p = out.matrix.shape(0);
  for (std::size_t i = 0; i < out.matrix.size(); ++i)
    if (!std::isfinite(out.matrix.data()[i]))
      refuse_matrix(file, "entry [" + std::to_string(i / p) + ", " + std::to_string(i % p) +
                              "] is not finite; a transform needs finite numbers");
  if (!out.frequency.empty()) {
    bool sound = out.frequency.size() == p;
    for (double f : out.frequency) sound = sound && f >= 0 && f <= 1;
    if (!sound) refuse_matrix(file, "`frequency` is to hold p = " + std::to_string(p) + " numbers in [0, 1]");
  }
  return out;
}

}  // namespace tubal
