#include <hdf5_hl.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <numeric>

#include "core/files.hpp"
#include "core/hdf5_handle.hpp"
#include "core/hdf5_seal.hpp"
#include "core/sha256.hpp"

namespace tubal::hdf5 {

namespace {

// netCDF-4 keeps the order in which things were made.
constexpr unsigned in_order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
constexpr std::size_t chunk_bytes = 1 << 18, compressed_from = 1 << 12;

Handle text_type(std::size_t length) {  // H5T_VARIABLE, or a length of at least 1
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type, length);
  H5Tset_cset(type, H5T_CSET_UTF8);
  return type;
}

std::size_t count(const Shape& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>());
}

Handle space_of(const Shape& shape) {
  if (shape.empty()) return {H5Screate(H5S_SCALAR), H5Sclose};
  const std::vector<hsize_t> extent(shape.begin(), shape.end());
  return {H5Screate_simple(static_cast<int>(extent.size()), extent.data(), nullptr), H5Sclose};
}

std::vector<const char*> pointers(std::span<const std::string> texts) {
  std::vector<const char*> p;
  for (const std::string& t : texts) p.push_back(t.c_str());
  return p;
}

}  // namespace

// The file grows in memory (`core` driver without a backing file): a full disk shows in publish() alone,
// where it is an ordinary failed write, and never inside HDF5, which cannot close a file on a full disk. HDF5
// opens what it finds under the name of a new file, even of one in memory, and a pipe's reader would meet its
// end there: the name is one that cannot exist, and another each time, since files of one name count as one.
Writer::Writer(fs::path path) : path_(std::move(path)) {
  quiet();
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose), creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose);
  H5Pset_fapl_core(access, 1 << 16, 0);
  H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
  H5Pset_obj_track_times(creation, false);  // equal content, equal bytes
  H5Pset_link_creation_order(creation, in_order);
  H5Pset_attr_creation_order(creation, in_order);
  static std::atomic<unsigned> count = 0;
  const std::string name = "/dev/null/" + std::to_string(++count);
  file_ = H5Fcreate(name.c_str(), H5F_ACC_TRUNC, creation, access);
  if (file_ < 0) fail(path_, "", "cannot be made in memory");
}

Writer::~Writer() {
  if (file_ >= 0) H5Fclose(file_);
}

void Writer::group(const std::string& name) {
  quiet();
  for (std::size_t end = name.find('/', 1);; end = name.find('/', end + 1)) {
    const std::string part = name.substr(0, end);
    if (part != "/" && H5Lexists(file_, part.c_str(), H5P_DEFAULT) <= 0) {
      const Handle creation(H5Pcreate(H5P_GROUP_CREATE), H5Pclose);
      H5Pset_obj_track_times(creation, false);
      H5Pset_link_creation_order(creation, in_order);
      H5Pset_attr_creation_order(creation, in_order);
      const Handle made(H5Gcreate2(file_, part.c_str(), H5P_DEFAULT, creation, H5P_DEFAULT), H5Gclose);
      if (made < 0) fail(path_, part, "the group cannot be made");
    }
    if (end == std::string::npos) return;
  }
}

// Larger numeric data sets are compressed (shuffle and deflate, which every reader has).
std::int64_t Writer::create(const std::string& name, std::int64_t type, const Shape& shape, bool filled) {
  quiet();
  if (const std::size_t slash = name.rfind('/'); slash != std::string::npos && slash > 0)
    group(name.substr(0, slash));
  const Handle space = space_of(shape), creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_attr_creation_order(creation, in_order);
  H5Pset_obj_track_times(creation, false);  // equal content, equal bytes
  const std::size_t size = H5Tget_size(type);
  if (filled && !shape.empty() && count(shape) * size >= compressed_from) {
    std::vector<hsize_t> chunk(shape.begin(), shape.end());
    for (std::size_t i = 0; i < chunk.size(); ++i) {
      std::size_t rest = size;
      for (std::size_t j = i + 1; j < chunk.size(); ++j) rest *= chunk[j];
      while (chunk[i] > 1 && chunk[i] * rest > chunk_bytes) chunk[i] = (chunk[i] + 1) / 2;
    }
    H5Pset_chunk(creation, static_cast<int>(chunk.size()), chunk.data());
    H5Pset_shuffle(creation);
    H5Pset_deflate(creation, 4);
  }
  const hid_t data = H5Dcreate2(file_, name.c_str(), type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
  if (data < 0) fail(path_, name, "the data set cannot be made");
  return data;
}

void Writer::attach(std::int64_t data, const std::string& name, const Shape& shape,
                    const std::vector<std::string>& axes) {
  if (axes.empty()) return;
  if (axes.size() != shape.size())
    throw Error(path_.string() + ": " + name + ": " + std::to_string(axes.size()) + " axes for " +
                std::to_string(shape.size()) + " dimensions");
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const std::string home = axes[i].substr(0, axes[i].rfind('/') + 1);
    if (name.compare(0, home.size(), home) != 0)
      throw Error(path_.string() + ": " + name + ": its axis " + axes[i] +
                  " lies neither in its group nor above it");
    const Handle scale(H5Dopen2(file_, axes[i].c_str(), H5P_DEFAULT), H5Dclose);
    if (scale < 0) fail(path_, axes[i], "no such axis for " + name);
    const Handle space(H5Dget_space(scale), H5Sclose);
    if (const auto n = H5Sget_simple_extent_npoints(space); n != static_cast<hssize_t>(shape[i]))
      throw Error(path_.string() + ": " + name + ": dimension " + std::to_string(i) + " has " +
                  std::to_string(shape[i]) + " entries, its axis " + axes[i] + " has " + std::to_string(n));
    if (H5DSattach_scale(data, scale, static_cast<unsigned>(i)) < 0)
      fail(path_, name, "the axis " + axes[i] + " cannot be attached");
  }
}

template <class T>
void Writer::write(const std::string& name, std::span<const T> values, const Shape& shape,
                   const std::vector<std::string>& axes) {
  if (values.size() != count(shape))
    throw Error(path_.string() + ": " + name + ": " + std::to_string(values.size()) +
                " values do not fill the shape");
  const Handle data(create(name, native<T>(), shape, true), H5Dclose);
  if (!values.empty() && H5Dwrite(data, native<T>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0)
    fail(path_, name, "cannot be written");
  attach(data, name, shape, axes);
}

// Room for converting so many texts: HDF5 would take, and clear, a megabyte for each data set.
static Handle transfer(std::size_t texts) {
  Handle list(H5Pcreate(H5P_DATASET_XFER), H5Pclose);
  H5Pset_buffer(list, std::clamp<std::size_t>(64 * texts, 1 << 12, 1 << 20), nullptr, nullptr);
  return list;
}

void Writer::write(const std::string& name, std::span<const std::string> texts, const Shape& shape,
                   const std::vector<std::string>& axes) {
  if (texts.size() != count(shape))
    throw Error(path_.string() + ": " + name + ": " + std::to_string(texts.size()) +
                " texts do not fill the shape");
  const Handle type = text_type(H5T_VARIABLE), data(create(name, type, shape, false), H5Dclose);
  if (!texts.empty() &&
      H5Dwrite(data, type, H5S_ALL, H5S_ALL, transfer(texts.size()), pointers(texts).data()) < 0)
    fail(path_, name, "cannot be written");
  attach(data, name, shape, axes);
}

static void make_scale(hid_t file, const fs::path& path, const std::string& name) {
  const Handle data(H5Dopen2(file, name.c_str(), H5P_DEFAULT), H5Dclose);
  if (H5DSset_scale(data, name.substr(name.rfind('/') + 1).c_str()) < 0)
    fail(path, name, "cannot become an axis");
}

template <class T>
void Writer::axis(const std::string& name, std::span<const T> values) {
  write<T>(name, values, {values.size()});
  make_scale(file_, path_, name);
}

void Writer::axis(const std::string& name, std::span<const std::string> texts) {
  write(name, texts, {texts.size()});
  make_scale(file_, path_, name);
}

namespace {

void put_attribute(hid_t file, const fs::path& path, const std::string& object, const std::string& name,
                   hid_t type, const Shape& shape, const void* value) {
  quiet();
  const Handle space = space_of(shape),
               attribute(H5Acreate_by_name(file, object.c_str(), name.c_str(), type, space, H5P_DEFAULT,
                                           H5P_DEFAULT, H5P_DEFAULT),
                         H5Aclose);
  const bool empty = !value;  // a list without texts
  if (attribute < 0 || (!empty && H5Awrite(attribute, type, value) < 0))
    fail(path, object, "the attribute " + name + " cannot be written");
}

}  // namespace

// Of variable length: h5py gives these as text, fixed-length ones as bytes.
void Writer::attribute(const std::string& object, const std::string& name, const std::string& text) {
  const Handle type = text_type(H5T_VARIABLE);
  const char* value = text.c_str();
  put_attribute(file_, path_, object, name, type, {}, &value);
}
void Writer::attribute(const std::string& object, const std::string& name, double value) {
  put_attribute(file_, path_, object, name, H5T_NATIVE_DOUBLE, {}, &value);
}
void Writer::attribute(const std::string& object, const std::string& name, std::int64_t value) {
  put_attribute(file_, path_, object, name, H5T_NATIVE_INT64, {}, &value);
}
void Writer::attribute(const std::string& object, const std::string& name,
                       const std::vector<std::string>& texts) {
  const Handle type = text_type(H5T_VARIABLE);
  put_attribute(file_, path_, object, name, type, {texts.size()}, pointers(texts).data());
}
void Writer::attribute(const std::string& object, const std::string& name,
                       std::span<const std::int64_t> values) {
  put_attribute(file_, path_, object, name, H5T_NATIVE_INT64, {values.size()}, values.data());
}

std::string Writer::publish() {
  const std::string bytes = image();
  write_file(path_, bytes);
  return sha256(bytes);
}

std::string Writer::image() {
  quiet();
  if (H5Fflush(file_, H5F_SCOPE_GLOBAL) < 0) fail(path_, "", "cannot be completed");
  const ssize_t size = H5Fget_file_image(file_, nullptr, 0);
  if (size <= 0) fail(path_, "", "cannot be completed");
  std::string bytes(static_cast<std::size_t>(size), '\0');
  if (H5Fget_file_image(file_, bytes.data(), bytes.size()) < 0) fail(path_, "", "cannot be completed");
  H5Fclose(file_);
  file_ = -1;
  bytes += seal_of(bytes);
  return bytes;
}

#define TUBAL_HDF5(T)                                                                  \
  template void Writer::write<T>(const std::string&, std::span<const T>, const Shape&, \
                                 const std::vector<std::string>&);                     \
  template void Writer::axis<T>(const std::string&, std::span<const T>);
TUBAL_HDF5(float)
TUBAL_HDF5(double)
TUBAL_HDF5(std::int8_t) TUBAL_HDF5(std::uint8_t) TUBAL_HDF5(std::int32_t) TUBAL_HDF5(std::int64_t)
#undef TUBAL_HDF5

}  // namespace tubal::hdf5
