// The attributes that a reader finds.
#include <hdf5.h>

#include <sstream>

#include "core/error.hpp"
#include "core/hdf5.hpp"
#include "core/hdf5_handle.hpp"
#include "core/hdf5_types.hpp"

namespace tubal::hdf5 {

namespace {

std::string text_of(double x) {
  std::ostringstream out;
  out.precision(17);
  out << x;
  return out.str();
}

struct Attribute {
  Handle id, type, space;
  Attribute(hid_t file, const fs::path& path, const std::string& object, const std::string& name)
      : id(H5Aopen_by_name(file, object.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose),
        type(id < 0 ? -1 : H5Aget_type(id), H5Tclose),
        space(id < 0 ? -1 : H5Aget_space(id), H5Sclose) {
    if (id < 0) fail(path, object, "there is no attribute `" + name + "`");
  }
};

}  // namespace

std::vector<std::string> Reader::attributes(const std::string& object) const {
  quiet();
  std::vector<std::string> names;
  const auto add = [](hid_t, const char* name, const H5A_info_t*, void* out) -> herr_t {
    static_cast<std::vector<std::string>*>(out)->push_back(name);
    return 0;
  };
  hsize_t start = 0;
  if (H5Aiterate_by_name(file_, object.c_str(), H5_INDEX_NAME, H5_ITER_INC, &start, add, &names,
                         H5P_DEFAULT) < 0)
    fail(path_, object, "its attributes cannot be listed");
  return names;
}

bool Reader::has_attribute(const std::string& object, const std::string& name) const {
  quiet();
  return has(object) && H5Aexists_by_name(file_, object.c_str(), name.c_str(), H5P_DEFAULT) > 0;
}

std::vector<std::string> Reader::attribute_strings(const std::string& object, const std::string& name) const {
  quiet();
  const Attribute a(file_, path_, object, name);
  std::vector<std::string> texts;
  bool good = true;
  if (type_letter(a.type) == 's') {
    good = read_texts(a.type, a.space, texts,
                      [&](hid_t memory, void* out) { return H5Aread(a.id, memory, out); });
  } else {
    std::vector<double> values(points(a.space));
    good = values.empty() || H5Aread(a.id, H5T_NATIVE_DOUBLE, values.data()) >= 0;
    for (double x : values) texts.push_back(text_of(x));
  }
  if (!good) fail(path_, object, "the attribute " + name + " cannot be read");
  return texts;
}

std::string Reader::attribute(const std::string& object, const std::string& name) const {
  return join(attribute_strings(object, name), "\n");
}

double Reader::attribute_number(const std::string& object, const std::string& name) const {
  quiet();
  const Attribute a(file_, path_, object, name);
  double value = 0;
  if (type_letter(a.type) == 's' || H5Sget_simple_extent_npoints(a.space) != 1 ||
      H5Aread(a.id, H5T_NATIVE_DOUBLE, &value) < 0)
    fail(path_, object, "the attribute " + name + " is not a number");
  return value;
}

}  // namespace tubal::hdf5
