// What an HDF5 type holds, and texts of either kind, for the readers of data sets and of attributes.
#pragma once
#include <hdf5.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/hdf5_handle.hpp"

namespace tubal::hdf5 {

/// 'f' floating point, 'i' integer, 's' string, '?' other.
inline char type_letter(hid_t type) {
  switch (H5Tget_class(type)) {
    case H5T_FLOAT:
      return 'f';
    case H5T_INTEGER:
    case H5T_ENUM:
      return 'i';  // h5py's booleans are enumerations of integers
    case H5T_STRING:
      return 's';
    default:
      return '?';
  }
}

/// How many elements a space has; 0 for an empty one.
inline std::size_t points(hid_t space) {
  return static_cast<std::size_t>(std::max<hssize_t>(0, H5Sget_simple_extent_npoints(space)));
}

/// Texts of a data set or attribute: `fetch(memory type, buffer)` reads it. False where that fails.
template <class Fetch>
bool read_texts(hid_t type, hid_t space, std::vector<std::string>& texts, Fetch fetch) {
  const std::size_t n = points(space);
  if (n == 0) return true;
  const Handle memory(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_cset(memory, H5Tget_cset(type));
  if (H5Tis_variable_str(type) > 0) {
    H5Tset_size(memory, H5T_VARIABLE);
    std::vector<char*> raw(n, nullptr);
    if (fetch(static_cast<hid_t>(memory), static_cast<void*>(raw.data())) < 0) return false;
    for (const char* t : raw) texts.emplace_back(t ? t : "");
    H5Dvlen_reclaim(memory, space, H5P_DEFAULT, raw.data());
    return true;
  }
  const std::size_t length = H5Tget_size(type);
  H5Tset_size(memory, length);
  H5Tset_strpad(memory, H5Tget_strpad(type));
  std::string raw(n * length, '\0');
  if (fetch(static_cast<hid_t>(memory), static_cast<void*>(raw.data())) < 0) return false;
  for (std::size_t i = 0; i < n; ++i) {
    std::string text = raw.substr(i * length, length);
    text.resize(std::min(text.size(), text.find('\0')));
    if (H5Tget_strpad(type) == H5T_STR_SPACEPAD) text.erase(text.find_last_not_of(' ') + 1);
    texts.push_back(std::move(text));
  }
  return true;
}

}  // namespace tubal::hdf5
