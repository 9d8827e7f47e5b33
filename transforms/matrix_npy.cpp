// NumPy's NPY, versions 1 to 3: real numbers of either byte order, rows or columns first.
#include <algorithm>
#include <charconv>
#include <cstring>
#include <sstream>

#include "transforms/matrix_formats.hpp"

namespace tubal {
namespace {

// The value of 'key' in the header, a Python dictionary: up to the next comma outside parentheses.
std::string header_value(const std::string& header, const std::string& key) {
  std::size_t at = header.find("'" + key + "':");
  if (at == std::string::npos) return "";
  at = header.find_first_not_of(' ', at + key.size() + 3);
  if (at == std::string::npos) return "";
  const std::size_t end = header[at] == '(' ? header.find(')', at) : header.find_first_of(",}", at);
  return end == std::string::npos ? "" : header.substr(at, end - at);
}

std::vector<std::size_t> header_shape(const std::string& header) {
  std::vector<std::size_t> shape;
  std::istringstream axes(header_value(header, "shape"));
  for (std::string axis; std::getline(axes, axis, ',');)
    if (const std::size_t digit = axis.find_first_of("0123456789"); digit != std::string::npos) {
      std::size_t n = 0;
      std::from_chars(axis.data() + digit, axis.data() + axis.size(), n);
      shape.push_back(n);
    }
  return shape;
}

// One number of type T, little-endian.
template <class T>
double number(const char* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof(T));
  return static_cast<double>(value);
}

struct NumberType {
  const char* name;  // NumPy's, without the byte order
  std::size_t size;
  double (*read)(const char* bytes);
};
constexpr NumberType number_types[] = {
    {"f8", 8, number<double>},        {"f4", 4, number<float>},         {"i8", 8, number<std::int64_t>},
    {"i4", 4, number<std::int32_t>},  {"i2", 2, number<std::int16_t>},  {"i1", 1, number<std::int8_t>},
    {"u8", 8, number<std::uint64_t>}, {"u4", 4, number<std::uint32_t>}, {"u2", 2, number<std::uint16_t>},
    {"u1", 1, number<std::uint8_t>},
};

}  // namespace

MatrixFile read_npy_matrix(const std::filesystem::path& file, const std::string& bytes) {
  static_assert(std::endian::native == std::endian::little);
  const auto byte = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i]));
  };
  if (bytes.size() < 12 || bytes.compare(0, 6, "\x93NUMPY"))
    refuse_matrix(file, "is no NPY file (numpy.save writes one)");
  const bool wide = byte(6) >= 2;  // a header length of four bytes instead of two
  const std::size_t length = byte(8) + 256 * byte(9) + (wide ? 65536 * byte(10) + 16777216 * byte(11) : 0),
                    start = wide ? 12 : 10;
  if (length > bytes.size() - start) refuse_matrix(file, "ends inside its header");
  const std::string header = bytes.substr(start, length), type = header_value(header, "descr"),
                    order = header_value(header, "fortran_order");
  const std::vector<std::size_t> shape = header_shape(header);
  if (type.empty() || (order != "True" && order != "False"))
    refuse_matrix(file, "has a header without 'descr' or 'fortran_order'; numpy.save writes both");
  if (shape.size() != 2 || shape[0] != shape[1]) square_matrix(file, shape, {});

  const bool quoted = type.size() == 5 && type.front() == '\'' && type.back() == '\'';  // '<f8'
  for (const NumberType& t : number_types) {
    if (!quoted || type.compare(2, 2, t.name) || !std::strchr("<>|", type[1])) continue;
    const std::size_t p = shape[0], data = bytes.size() - start - length;
    if (p > 65536 || data != p * p * t.size)
      refuse_matrix(file, "holds " + std::to_string(data) + " bytes of data, its header asks for " +
                              std::to_string(p) + " x " + std::to_string(p) + " numbers of " +
                              std::to_string(t.size) + " bytes");
    std::vector<double> values(p * p);
    for (std::size_t i = 0; i < values.size(); ++i) {
      char one[8];
      std::copy_n(bytes.data() + start + length + i * t.size, t.size, one);
      if (type[1] == '>') std::reverse(one, one + t.size);
      values[i] = t.read(one);
    }
    MatrixFile out;
    out.matrix = square_matrix(file, shape, values);
    if (order == "True") out.matrix = transposed(out.matrix);
    return out;
  }
  refuse_matrix(file, "holds numbers of type " + type +
                          "; f8, f4 and integers of 1 to 8 bytes are read, of either byte order "
                          "(numpy.save(file, A.astype('f8')))");
}

}  // namespace tubal
