// HDF5 files that are whole or absent. A writer builds its file in memory, seals it (core/hdf5_seal.hpp) and
// publishes it by rename, so that no reader ever meets a half-written or locked one; a reader opens any HDF5
// file, `libver=latest` ones too. What is written is valid netCDF-4: every axis a dimension scale, no
// booleans, no references but H5DS's own. Failures are tubal::Error and name the file and the object; HDF5's
// own error printing is silenced. hdf5_writer.cpp, hdf5_opening.cpp and hdf5_reader.cpp (groups and data
// sets), hdf5_attributes.cpp (a reader's attributes).
#pragma once
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"

namespace tubal::hdf5 {

namespace fs = std::filesystem;
using Shape = std::vector<std::size_t>;

// T is one of: float, double, std::int8_t, std::uint8_t, std::int32_t, std::int64_t.

/// Of a file whose bytes are damaged, as far as a look at them tells.
struct Damaged : Error {
  using Error::Error;
};

class Writer {
 public:
  /// Nothing appears at `path` before publish().
  explicit Writer(fs::path path);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// A one-dimensional data set that is a dimension scale: an axis for others. Parent
  /// groups are made as needed.
  template <class T>
  void axis(const std::string& name, std::span<const T> values);
  void axis(const std::string& name, std::span<const std::string> values);
  /// data is row-major of `shape` ({}: a scalar). `axes`: absolute names of the scales, one a dimension, each
  /// in the same group or one above it (netCDF's rule), or none at all.
  template <class T>
  void write(const std::string& name, std::span<const T> data, const Shape& shape,
             const std::vector<std::string>& axes = {});
  void write(const std::string& name, std::span<const std::string> data, const Shape& shape,
             const std::vector<std::string>& axes = {});

  /// Attributes of a group or data set; "/" is the root. Text is UTF-8 of variable length.
  void attribute(const std::string& object, const std::string& name, const std::string& text);
  void attribute(const std::string& object, const std::string& name, double value);
  void attribute(const std::string& object, const std::string& name, std::int64_t value);
  void attribute(const std::string& object, const std::string& name, const std::vector<std::string>& texts);
  void attribute(const std::string& object, const std::string& name, std::span<const std::int64_t> values);
  void group(const std::string& name);

  /// Closes the file and renames it into place (core/files.hpp: write_file). Returns its SHA-256.
  std::string publish();
  /// Closes the file and returns its bytes, with their seal, instead.
  std::string image();

 private:
  std::int64_t create(const std::string& name, std::int64_t type, const Shape& shape, bool filled);
  void attach(std::int64_t data, const std::string& name, const Shape& shape,
              const std::vector<std::string>& axes);
  fs::path path_;
  std::int64_t file_ = -1;
};

class Reader {
 public:
  /// Error where the file's seal is not that of its bytes.
  explicit Reader(fs::path path);
  /// The bytes of a file in place of it; `path` stands for it in messages.
  Reader(const std::string& image, fs::path path);
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  bool has(const std::string& name) const;
  /// Names of a group's members (not their paths), sorted.
  std::vector<std::string> list(const std::string& group) const;
  bool is_group(const std::string& name) const;
  /// 'f' floating point, 'i' integer, 's' string, '?' other.
  char type(const std::string& name) const;
  Shape shape(const std::string& name) const;
  /// Whole, row-major, converted to T.
  template <class T>
  std::vector<T> read(const std::string& name) const;
  std::vector<std::string> read_strings(const std::string& name) const;
  /// Absolute names of the attached scales, one a dimension, "" where there is none;
  /// for a scale its own name.
  std::vector<std::string> axes(const std::string& name) const;

  std::vector<std::string> attributes(const std::string& object) const;
  bool has_attribute(const std::string& object, const std::string& name) const;
  /// A number is given as text, a list (of one dimension) joined by newlines.
  std::string attribute(const std::string& object, const std::string& name) const;
  std::vector<std::string> attribute_strings(const std::string& object, const std::string& name) const;
  double attribute_number(const std::string& object, const std::string& name) const;

 private:
  void check_texts(std::int64_t data, std::int64_t type, std::int64_t space, const std::string& name) const;
  fs::path path_;
  std::int64_t file_ = -1;
  std::string unsealed_;  // the file's bytes where no seal vouches for them
};

}  // namespace tubal::hdf5
