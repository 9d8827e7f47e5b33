#include <hdf5_hl.h>

#include <algorithm>

#include "core/hdf5_handle.hpp"
#include "core/hdf5_heaps.hpp"
#include "core/hdf5_types.hpp"

namespace tubal::hdf5 {

namespace {

Shape extent(hid_t space) {
  const int rank = H5Sget_simple_extent_ndims(space);
  if (rank <= 0) return {};
  std::vector<hsize_t> n(static_cast<std::size_t>(rank));
  H5Sget_simple_extent_dims(space, n.data(), nullptr);
  return {n.begin(), n.end()};
}

}  // namespace

bool Reader::has(const std::string& name) const {
  quiet();
  for (std::size_t end = name.find('/', 1);; end = name.find('/', end + 1)) {
    const std::string part = name.substr(0, end);
    if (part != "/" && H5Lexists(file_, part.c_str(), H5P_DEFAULT) <= 0) return false;
    if (end == std::string::npos) return true;
  }
}

std::vector<std::string> Reader::list(const std::string& group) const {
  quiet();
  std::vector<std::string> names;
  const Handle opened(H5Gopen2(file_, group.c_str(), H5P_DEFAULT), H5Gclose);
  const auto add = [](hid_t, const char* name, const H5L_info_t*, void* out) -> herr_t {
    static_cast<std::vector<std::string>*>(out)->push_back(name);
    return 0;
  };
  if (opened < 0 || H5Literate(opened, H5_INDEX_NAME, H5_ITER_INC, nullptr, add, &names) < 0)
    fail(path_, group, "no such group");
  return names;
}

bool Reader::is_group(const std::string& name) const {
  if (!has(name)) return false;
  const Handle object(H5Oopen(file_, name.c_str(), H5P_DEFAULT), H5Oclose);
  return H5Iget_type(object) == H5I_GROUP;
}

static Handle open_data(hid_t file, const fs::path& path, const std::string& name) {
  quiet();
  Handle data(H5Dopen2(file, name.c_str(), H5P_DEFAULT), H5Dclose);
  if (data < 0) fail(path, name, "no such data set");
  return data;
}

char Reader::type(const std::string& name) const {
  const Handle data = open_data(file_, path_, name), type(H5Dget_type(data), H5Tclose);
  return type_letter(type);
}

Shape Reader::shape(const std::string& name) const {
  const Handle data = open_data(file_, path_, name), space(H5Dget_space(data), H5Sclose);
  return extent(space);
}

template <class T>
std::vector<T> Reader::read(const std::string& name) const {
  const Handle data = open_data(file_, path_, name), space(H5Dget_space(data), H5Sclose),
               type(H5Dget_type(data), H5Tclose);
  if (const char letter = type_letter(type); letter != 'f' && letter != 'i')
    throw Error(path_.string() + ": " + name + ": holds no numbers");
  std::vector<T> values(points(space));
  // An enumeration converts to numbers through the integer under it.
  const bool enumeration = H5Tget_class(type) == H5T_ENUM;
  const Handle base(enumeration ? H5Tget_super(type) : H5Tcopy(native<T>()), H5Tclose);
  if (values.empty()) return values;
  if (!enumeration) {
    if (H5Dread(data, native<T>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0)
      fail(path_, name, "cannot be read");
    return values;
  }
  std::vector<char> raw(values.size() * std::max(sizeof(T), H5Tget_size(base)));
  if (H5Dread(data, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, raw.data()) < 0 ||
      H5Tconvert(base, native<T>(), values.size(), raw.data(), nullptr, H5P_DEFAULT) < 0)
    fail(path_, name, "cannot be read");
  std::copy_n(reinterpret_cast<const T*>(raw.data()), values.size(), values.begin());
  return values;
}

std::vector<std::string> Reader::read_strings(const std::string& name) const {
  const Handle data = open_data(file_, path_, name), space(H5Dget_space(data), H5Sclose),
               type(H5Dget_type(data), H5Tclose);
  if (type_letter(type) != 's') throw Error(path_.string() + ": " + name + ": holds no text");
  std::vector<std::string> texts;
  check_texts(data, type, space, name);
  if (!read_texts(type, space, texts, [&](hid_t memory, void* out) {
        return H5Dread(data, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, out);
      }))
    fail(path_, name, "cannot be read");
  return texts;
}

std::vector<std::string> Reader::axes(const std::string& name) const {
  const Handle data = open_data(file_, path_, name);
  if (H5DSis_scale(data) > 0) return {name};
  std::vector<std::string> names(shape(name).size());
  for (std::size_t i = 0; i < names.size(); ++i)
    H5DSiterate_scales(
        data, static_cast<unsigned>(i), nullptr,
        [](hid_t, unsigned, hid_t scale, void* out) -> herr_t {
          std::string text(static_cast<std::size_t>(std::max<ssize_t>(0, H5Iget_name(scale, nullptr, 0))),
                           '\0');
          H5Iget_name(scale, text.data(), text.size() + 1);
          *static_cast<std::string*>(out) = text;
          return 1;
        },
        &names[i]);
  return names;
}

#define TUBAL_HDF5(T) template std::vector<T> Reader::read<T>(const std::string&) const;
TUBAL_HDF5(float)
TUBAL_HDF5(double)
TUBAL_HDF5(std::int8_t) TUBAL_HDF5(std::uint8_t) TUBAL_HDF5(std::int32_t) TUBAL_HDF5(std::int64_t)
#undef TUBAL_HDF5

}  // namespace tubal::hdf5
