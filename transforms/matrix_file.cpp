#include "transforms/matrix_file.hpp"

#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>
#include <sstream>

#include "core/error.hpp"
#include "core/hdf5.hpp"

namespace tubal {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& file, const std::string& message, int line = 0) {
  throw UsageError(file.string(), line, "", message);
}

Matrix square(const fs::path& file, const std::vector<std::size_t>& shape,
              const std::vector<double>& values) {
  if (shape.size() != 2 || shape[0] != shape[1] || shape[0] == 0) {
    std::vector<std::string> axes;
    for (std::size_t n : shape) axes.push_back(std::to_string(n));
    refuse(file, "holds an array of shape [" + join(axes) + "]; a transform is a square matrix [p, p]");
  }
  Matrix A = Matrix::from_shape({shape[0], shape[1]});
  std::copy(values.begin(), values.end(), A.data());
  return A;
}

MatrixFile read_hdf5(const fs::path& file, std::string dataset) {
  const hdf5::Reader reader(file);
  if (dataset.empty()) {
    std::vector<std::string> found;
    for (const std::string& name : reader.list("/"))
      if (!reader.is_group("/" + name) && reader.shape("/" + name).size() == 2) found.push_back(name);
    if (found.size() != 1)
      refuse(file, found.empty() ? "has no matrix at its root; name one with dataset: GROUP/NAME"
                                 : "has several matrices (" + join(found) + "); name one with dataset:");
    dataset = found[0];
  }
  if (dataset.front() != '/') dataset = "/" + dataset;
  if (!reader.has(dataset) || reader.is_group(dataset))
    refuse(file, "has no data set `" + dataset + "`; at the root there are: " + join(reader.list("/")));
  if (const char type = reader.type(dataset); type != 'f' && type != 'i')
    refuse(file, "`" + dataset +
                     "` holds no real numbers; a matrix of floating point or integer numbers is needed");
  MatrixFile out;
  out.matrix = square(file, reader.shape(dataset), reader.read<double>(dataset));
  const std::string beside = dataset.substr(0, dataset.rfind('/') + 1) + "frequency";
  if (reader.has(beside)) out.frequency = reader.read<double>(beside);
  return out;
}

// The value of 'key' in NPY's header, a Python dictionary: up to the next comma outside parentheses.
std::string header_value(const std::string& header, const std::string& key) {
  std::size_t at = header.find("'" + key + "':");
  if (at == std::string::npos) return "";
  at = header.find_first_not_of(' ', at + key.size() + 3);
  if (at == std::string::npos) return "";
  const std::size_t end = header[at] == '(' ? header.find(')', at) : header.find_first_of(",}", at);
  return end == std::string::npos ? "" : header.substr(at, end - at);
}

template <class T>
std::vector<double> numbers(const std::string& bytes, std::size_t at, std::size_t n) {
  std::vector<double> out(n);
  for (std::size_t i = 0; i < n; ++i) {
    T value;
    std::memcpy(&value, bytes.data() + at + i * sizeof(T), sizeof(T));
    out[i] = static_cast<double>(value);
  }
  return out;
}

MatrixFile read_npy(const fs::path& file, const std::string& bytes) {
  static_assert(std::endian::native == std::endian::little);
  const auto byte = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i]));
  };
  if (bytes.size() < 12 || bytes.compare(0, 6, "\x93NUMPY"))
    refuse(file, "is no NPY file (numpy.save writes one)");
  const bool wide = byte(6) >= 2;
  const std::size_t length = byte(8) + 256 * byte(9) + (wide ? 65536 * byte(10) + 16777216 * byte(11) : 0),
                    start = wide ? 12 : 10;
  if (length > bytes.size() - start) refuse(file, "ends inside its header");
  const std::string header = bytes.substr(start, length), type = header_value(header, "descr");
  std::vector<std::size_t> shape;
  std::stringstream axes(header_value(header, "shape").substr(header_value(header, "shape").empty() ? 0 : 1));
  for (std::string axis; std::getline(axes, axis, ',');)
    if (const std::size_t digit = axis.find_first_of("0123456789"); digit != std::string::npos) {
      std::size_t n = 0;
      std::from_chars(axis.data() + digit, axis.data() + axis.size(), n);
      shape.push_back(n);
    }
  if (shape.size() != 2 || shape[0] != shape[1]) square(file, shape, {});
  struct Reader {
    const char* name;
    std::size_t size;
    std::vector<double> (*read)(const std::string&, std::size_t, std::size_t);
  };
  const Reader readers[] = {{"'<f8'", 8, numbers<double>},
                            {"'<f4'", 4, numbers<float>},
                            {"'<i8'", 8, numbers<std::int64_t>},
                            {"'<i4'", 4, numbers<std::int32_t>}};
  for (const Reader& r : readers) {
    if (type != r.name) continue;
    const std::size_t n = shape[0] * shape[1];
    if (shape[0] > 65536 || bytes.size() - start - length != n * r.size)
      refuse(file, "holds " + std::to_string(bytes.size() - start - length) +
                       " bytes of data, its header asks for " + std::to_string(n * r.size));
    MatrixFile out;
    out.matrix = square(file, shape, r.read(bytes, start + length, n));
    if (header_value(header, "fortran_order") == "True") out.matrix = transposed(out.matrix);
    return out;
  }
  refuse(file, "holds numbers of type " + type +
                   "; '<f8', '<f4', '<i8' and '<i4' are read (numpy.save(file, A.astype('f8')))");
}

MatrixFile read_csv(const fs::path& file, const std::string& text) {
  std::vector<double> values;
  std::size_t rows = 0, columns = 0;
  std::istringstream lines(text);
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    for (char& c : line)
      if (c == ',' || c == ';' || c == '\t' || c == '\r') c = ' ';
    std::istringstream fields(line);
    std::size_t found = 0;
    for (std::string field; fields >> field && field[0] != '#'; ++found) {
      double value = 0;
      const auto [end, error] =
          std::from_chars(field.data() + (field[0] == '+'), field.data() + field.size(), value);
      if (error != std::errc() || end != field.data() + field.size())
        refuse(file,
               "`" + field +
                   "` is no number; a row is p numbers apart by commas, such as 0.5,-0.5 (no header line)",
               number);
      values.push_back(value);
    }
    if (found == 0) continue;
    if (rows++ == 0) columns = found;
    if (found != columns)
      refuse(file,
             "found " + std::to_string(found) + " numbers, the first row has " + std::to_string(columns),
             number);
  }
  MatrixFile out;
  out.matrix = square(file, {rows, columns}, values);
  return out;
}

}  // namespace

MatrixFile read_matrix_file(const fs::path& file, const std::string& dataset) {
  std::error_code none;
  if (!fs::is_regular_file(file, none)) refuse(file, "there is no such file");
  const std::string suffix = file.extension().string();
  MatrixFile out;
  if (suffix == ".h5" || suffix == ".hdf5" || suffix == ".nc") {
    out = read_hdf5(file, dataset);
  } else {
    std::ifstream in(file, std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(in)), {});
    if (suffix == ".npy")
      out = read_npy(file, bytes);
    else if (suffix == ".csv" || suffix == ".txt")
      out = read_csv(file, bytes);
    else
      refuse(file, "suffix `" + suffix + "` says no format that is read: .h5, .hdf5, .nc, .npy, .csv, .txt");
  }
  const std::size_t p = out.matrix.shape(0);
  for (std::size_t i = 0; i < out.matrix.size(); ++i)
    if (!std::isfinite(out.matrix.data()[i]))
      refuse(file, "entry [" + std::to_string(i / p) + ", " + std::to_string(i % p) +
                       "] is not finite; a transform needs finite numbers");
  if (!out.frequency.empty()) {
    bool sound = out.frequency.size() == p;
    for (double f : out.frequency) sound = sound && f >= 0 && f <= 1;
    if (!sound) refuse(file, "`frequency` is to hold p = " + std::to_string(p) + " numbers in [0, 1]");
  }
  return out;
}

}  // namespace tubal
